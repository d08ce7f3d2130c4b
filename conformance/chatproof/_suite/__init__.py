"""The module that pytest collects: every case of the catalogue as one test."""

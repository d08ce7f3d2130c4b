"""Endpoints in the tests of other projects: a fixture, a class of tests, and the marks of cases."""

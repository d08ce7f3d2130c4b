"""Answers played to HTTP clients in process."""

"""Clients that are programs: a command line, its variables, and what it prints."""

"""Clients in any language, driven by JSON lines on standard input and output: version 1 of the protocol."""

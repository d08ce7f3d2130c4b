"""Completions of a text: the answer in JSON form, in chunks, the stream of them, and what is asked."""

"""Embeddings: vectors as lists of numbers or as base64, and what is asked."""

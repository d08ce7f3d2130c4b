"""Near misses of chat answers, chunks and streams."""

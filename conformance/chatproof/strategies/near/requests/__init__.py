"""Near misses of requests for a chat."""

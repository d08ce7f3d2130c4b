"""Near misses of `/v1/responses`."""

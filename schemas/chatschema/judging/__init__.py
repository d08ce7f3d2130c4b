"""How anything is judged: contracts, streams, and the life of a stream as a table."""

"""What a dialect is made of: the members of its answers, the order of its chunks, ids and errors."""

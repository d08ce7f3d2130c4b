"""What a dialect is made of: the members, order and rhythm of its answers, ids and errors."""

"""What was said, what came back, and what the next request has to hold."""

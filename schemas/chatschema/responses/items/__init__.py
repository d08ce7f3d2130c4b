"""Items: what a response is made of, and what a request brings back."""

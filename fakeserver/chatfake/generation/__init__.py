"""What the model says: replies, scenarios, and what a request lets through of them."""

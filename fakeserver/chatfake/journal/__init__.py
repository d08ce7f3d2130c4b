"""What reached the fake, as requests, as conversations, and as a verdict on the client."""

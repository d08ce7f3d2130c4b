"""The client that makes no mistake, for mistakes to be made in."""

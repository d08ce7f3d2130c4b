"""The answer as a whole."""

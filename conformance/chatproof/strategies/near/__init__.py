"""Values that are right but for one thing, which is named."""

"""The cases about tools."""

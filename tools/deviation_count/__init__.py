"""Judges recorded exchanges and counts by provider what they break, add, and are known for."""

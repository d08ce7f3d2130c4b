"""What all else stands on: JSON, server-sent events, violations, kinds, and the words of a report."""

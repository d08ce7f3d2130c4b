"""What everything else is written in: requests and answers as values, JSON text, errors, tokens."""

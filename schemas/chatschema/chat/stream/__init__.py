"""The streamed form of the answer, event by event."""

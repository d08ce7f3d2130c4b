"""The events of a streamed response, each by itself."""

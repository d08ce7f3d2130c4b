"""The streams of LoRAX, event by event."""

"""Near misses of LoRAX's own routes."""

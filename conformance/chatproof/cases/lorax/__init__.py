"""The cases of LoRAX's own routes."""

"""The routes that only LoRAX has."""

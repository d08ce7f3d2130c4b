"""LoRAX's OpenAI routes as they are."""

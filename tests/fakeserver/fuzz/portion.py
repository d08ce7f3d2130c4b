"""How many inputs a surface gets: a quarter of what the profile says, for there are many surfaces."""

from hypothesis import settings

portion = settings(max_examples=max(settings().max_examples // 4, 10))

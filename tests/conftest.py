"""What holds for all tests."""

from hypothesis import settings

# A slow machine is no finding: speed is a benchmark's business.
settings.register_profile("unhurried", settings(deadline=None))
# What CI runs on the near misses: `pytest tests/strategies/test_near_misses.py --hypothesis-profile=thorough`.
settings.register_profile("thorough", settings(deadline=None, max_examples=1000))
settings.load_profile("unhurried")

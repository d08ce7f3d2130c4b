"""What holds for all tests."""

from hypothesis import settings

# A slow machine is no finding: speed is a benchmark's business.
settings.register_profile("unhurried", settings(deadline=None))
settings.load_profile("unhurried")

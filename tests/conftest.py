"""What holds for all tests."""

from hypothesis import HealthCheck, settings

# A slow machine is no finding: speed is a benchmark's business.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("unhurried", settings(UNHURRIED, max_examples=30))
# With `-m ''`, all that there is: CI runs it once.
settings.register_profile("exhaustive", settings(UNHURRIED, max_examples=100))
# For CI's runs on further versions of Python.
settings.register_profile("brief", settings(UNHURRIED, max_examples=20))
# For the near misses: `pytest tests/strategies/test_near_misses.py --hypothesis-profile=thorough`.
settings.register_profile("thorough", settings(UNHURRIED, max_examples=1000))
# 104,000 inputs for the fake: `pytest tests/fakeserver/fuzz --hypothesis-profile=fuzz -n 2 -s`. Nothing is remembered
# of a run, and inputs that are slow to draw are no finding.
settings.register_profile(
    "fuzz",
    settings(
        deadline=None,
        max_examples=26_000,
        database=None,
        suppress_health_check=(
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.filter_too_much,
            HealthCheck.large_base_example,
        ),
    ),
)
settings.load_profile("unhurried")

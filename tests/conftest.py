from hypothesis import HealthCheck, settings

# The same examples in every run, and no test that fails because a machine is busy.
settings.register_profile(
    "house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")

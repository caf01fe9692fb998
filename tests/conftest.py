"""For every test: hypothesis repeats its examples and measures no time, for machines are shared and noisy."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("reglament", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
settings.load_profile("reglament")

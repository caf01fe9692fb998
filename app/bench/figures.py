"""Numbers out of many measured times."""

from __future__ import annotations

from collections.abc import Sequence

MILLISECONDS = 1000.0


def percentile(seconds: Sequence[float], share: float) -> float:
    """Return the time in milliseconds that this share of all stays under or meets, to a hundredth.

    >>> percentile([0.004, 0.001, 0.003, 0.002], 0.5)
    2.0
    """
    ordered = sorted(seconds)
    place = max(0, min(len(ordered) - 1, round(share * len(ordered)) - 1))
    return round(ordered[place] * MILLISECONDS, 2)


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Return the median and the 95th percentile, as the report names them."""
    return {"p50_ms": percentile(seconds, 0.5), "p95_ms": percentile(seconds, 0.95)}

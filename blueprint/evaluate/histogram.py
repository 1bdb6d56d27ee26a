"""Histogram with logarithmic buckets: percentiles and mean of a stream in constant memory."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping

RELATIVE_ERROR = 0.01
"""Largest relative error of a percentile, and of the mean."""

_GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR)
_LOG_GAMMA = math.log(_GAMMA)
ZERO_BUCKET = -(10**6)
"""Bucket of zero and of negative values."""
UNKNOWN_BUCKET = ZERO_BUCKET - 1
"""Bucket of values that are missing; percentiles and the mean leave it out."""

Counts = Mapping[int, int]
"""Number of values by bucket."""


def bucket_of(value: float) -> int:
    """Return the bucket of a value: bucket i has the values above gamma^(i-1), up to gamma^i.

    The buckets are those of DDSketch (Masson, Rim & Lee 2019).
    """
    return math.ceil(math.log(value) / _LOG_GAMMA) if value > 0 else ZERO_BUCKET


def value_of(bucket: int) -> float:
    """Return the value that stands for a bucket, within RELATIVE_ERROR of each value in it."""
    return 0.0 if bucket == ZERO_BUCKET else 2 * _GAMMA**bucket / (_GAMMA + 1)


def quantile(counts: Counts, share: float) -> float:
    """Return the value below which this share of the values lies; 0 without values."""
    rank, seen = share * (known(counts) - 1), 0
    for bucket in sorted(counts.keys() - {UNKNOWN_BUCKET}):
        seen += counts[bucket]
        if seen > rank:
            return value_of(bucket)
    return 0.0


def mean(counts: Counts) -> float:
    """Return the mean; 0 without values."""
    total = sum(value_of(bucket) * count for bucket, count in counts.items() if bucket != UNKNOWN_BUCKET)
    return total / known(counts) if known(counts) else 0.0


def known(counts: Counts) -> int:
    """Return the number of values that are not missing."""
    return sum(counts.values()) - counts.get(UNKNOWN_BUCKET, 0)


def added(histograms: Iterable[Counts]) -> Counts:
    """Return the histogram of all values in several ones."""
    total: Counter[int] = Counter()
    for counts in histograms:
        total.update(counts)
    return total

"""A cache in two tiers: this process first, then a store that all processes share."""

from .backend import CacheSettings, open_counters, open_store
from .cache import Cache

__all__ = ["Cache", "CacheSettings", "open_counters", "open_store"]

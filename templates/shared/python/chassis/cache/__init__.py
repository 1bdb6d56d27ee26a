"""Two-tier cache: in this process first, then in a store that all processes share."""

from .backend import CacheSettings, open_counters, open_store
from .cache import Cache

__all__ = ["Cache", "CacheSettings", "open_counters", "open_store"]

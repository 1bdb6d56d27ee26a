"""Black-box acceptance suite, audit and load client of the shop: they depend only on its HTTP contract."""

"""Black-box acceptance suite, audit and load client of the shop: they know its HTTP contract only."""

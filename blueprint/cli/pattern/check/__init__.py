"""`blueprint pattern check`: find everything that is wrong with a pattern."""

"""`blueprint fleet`: the state of many projects in one table."""

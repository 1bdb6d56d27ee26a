"""`blueprint pattern`: list, add, write, check and pack patterns."""

"""`blueprint pattern`: list, add, create, check and pack patterns."""

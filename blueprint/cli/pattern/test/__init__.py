"""`blueprint pattern test`: compare a pattern with its golden trees."""

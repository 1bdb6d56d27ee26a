"""`blueprint pattern preview`: show what a pattern renders."""

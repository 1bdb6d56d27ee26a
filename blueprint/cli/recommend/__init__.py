"""`blueprint recommend`: recommend an architecture."""

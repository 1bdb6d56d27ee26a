"""Measures the generated shop on real servers, beside bare code and, if one is given, beside a peer."""

"""The orders service: what users bought."""

"""Slugs: names of articles and categories in addresses."""

SLUG = "^[a-z0-9]+(-[a-z0-9]+)*$"
LONGEST = 100

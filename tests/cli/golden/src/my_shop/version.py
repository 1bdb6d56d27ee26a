"""my-shop."""
VERSION = "1.2.3"

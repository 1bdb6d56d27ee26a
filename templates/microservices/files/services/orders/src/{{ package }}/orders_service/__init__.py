"""Orders service: places, lists and cancels orders."""

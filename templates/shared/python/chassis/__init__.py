"""What every bounded context stands on, and what knows none of them."""

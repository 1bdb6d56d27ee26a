"""Analytics on a real broker: how many events a second, and how long until one is seen."""

"""Service demands of the three shops, and the estimates of `recommend` beside a load test."""

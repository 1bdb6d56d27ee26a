"""Reports of a Recommendation: terminal tables, JSON, decision record and HTML page."""

"""Recommendation as one self-contained HTML page: no network, no scripts, inline SVG."""

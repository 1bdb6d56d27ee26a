"""The recommendation as one self-contained page: no network, no script, inline SVG."""

"""CSS classes of the series; style.css gives each a color for the light and the dark scheme."""

KNOWN = {
    "monolith": "s-monolith",
    "microservices": "s-microservices",
    "event-driven": "s-event-driven",
    "none": "s-none",
    "aws": "s-aws",
    "gcp": "s-gcp",
    "azure": "s-azure",
}


def series(name: str) -> str:
    """Return the CSS class of a pattern or a cloud; patterns of template authors share one."""
    return KNOWN.get(name, "s-other")

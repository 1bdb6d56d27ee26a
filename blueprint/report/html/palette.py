"""Which colour stands for what: the class names that style.css gives a colour, in light and in dark."""

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
    """The class of a pattern or a cloud; patterns of template authors share one colour."""
    return KNOWN.get(name, "s-other")

"""Presets: needs of typical systems to start from, one file each."""

from blueprint.needs.answers import NeedsAnswers, unknown_name
from blueprint.needs.file import parse_needs
from blueprint.needs.inputs import DATA

PRESETS = (
    "small-shop",
    "growing-shop",
    "marketplace",
    "realtime-analytics",
    "cms",
    "iot-telemetry",
    "b2b-saas",
)


def load_preset(name: str) -> NeedsAnswers:
    """Return the answers of a preset. Raises NeedsError for an unknown name."""
    if name not in PRESETS:
        raise unknown_name(f"--preset {name}", name, PRESETS)
    text = (DATA / "presets" / f"{name}.yaml").read_text("utf-8")
    return parse_needs(text, f"preset {name}")

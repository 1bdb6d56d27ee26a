"""Presets: needs of typical systems to start from, one file each."""

from blueprint.needs.answers import NeedsAnswers, unknown_name
from blueprint.needs.grouped import answers_in
from blueprint.needs.inputs import DATA
from blueprint.package_data import read_package_data

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
    return answers_in(read_package_data(DATA / "presets" / f"{name}.yaml"), f"preset {name}")

"""Ready answers to start from, one file each."""

from blueprint.needs.answers import Answers, unknown
from blueprint.needs.file import parse_answers
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


def preset(name: str) -> Answers:
    """The answers of a preset."""
    if name not in PRESETS:
        raise unknown(f"--preset {name}", name, PRESETS)
    text = (DATA / "presets" / f"{name}.yaml").read_text("utf-8")
    return parse_answers(text, f"preset {name}")

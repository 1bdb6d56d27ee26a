"""Measured demands as YAML, with the conditions of the measurement."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def conditions() -> dict[str, str]:
    """Return date, machine and version of a measurement."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "tag": "M",
        "processor": f"{os.cpu_count()} x {model or platform.machine()}",
        "load": f"{os.getloadavg()[0]:.2f}",
        "python": platform.python_version(),
    }


def to_yaml(document: Mapping[str, Any], indent: str = "") -> str:
    """Return a nested mapping as YAML; a mapping without mappings is one line."""
    lines = []
    for name, value in document.items():
        if isinstance(value, Mapping) and any(isinstance(each, Mapping) for each in value.values()):
            lines.append(f"{indent}{name}:\n{to_yaml(value, indent + '  ')}")
        elif isinstance(value, Mapping):
            pairs = ", ".join(f"{key}: {json.dumps(each)}" for key, each in value.items())
            lines.append(f"{indent}{name}: {{{pairs}}}\n")
        else:
            lines.append(f"{indent}{name}: {json.dumps(value)}\n")
    return "".join(lines)

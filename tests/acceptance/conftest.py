"""The acceptance package is imported from where it is written, not from a generated project."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "templates" / "shared"))

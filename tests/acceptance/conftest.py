"""Import the acceptance package from the templates, not from a generated project."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "templates" / "shared"))

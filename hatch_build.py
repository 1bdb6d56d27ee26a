"""Build hook: the wheel carries the templates of the built-in patterns compiled to Python modules."""

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledTemplates(BuildHookInterface):  # type: ignore[type-arg]
    """Adds `blueprint/_compiled` to a wheel; an editable installation needs none."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the templates into a temporary folder, and include it."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from blueprint.render.precompiled import compile_built_in

        self._scratch = tempfile.TemporaryDirectory()
        for path, text in compile_built_in().items():
            file = Path(self._scratch.name, path)
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, "utf-8")
        build_data["force_include"][self._scratch.name] = "blueprint/_compiled"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Delete the temporary folder."""
        if version != "editable":
            self._scratch.cleanup()

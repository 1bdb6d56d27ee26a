"""OpenTofu on generated files, with a provider that has the schemas of AWS's own and no cloud."""

import json
import os
import re
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

TOOLS = Path(__file__).parent.parent.parent / "build/opentofu"
RELEASE = "1.0.0"
SETTINGS = """
provider_installation {
  dev_overrides {
    "hashicorp/aws" = "%s"
  }
}
"""
# Newer than the programs from which the other schemas are read.
EPHEMERALS = {
    "aws_secretsmanager_random_password": {
        "password_length": {"type": "number", "optional": True},
        "exclude_punctuation": {"type": "bool", "optional": True},
        "random_password": {"type": "string", "computed": True},
    },
    "aws_ssm_parameter": {
        "arn": {"type": "string", "required": True},
        "value": {"type": "string", "computed": True, "sensitive": True},
    },
}

Resources = dict[str, list[dict[str, Any]]]
"""Planned values of resources by type, in the order of their addresses."""


class Definition:
    """A copy of a project's files for OpenTofu whose state is in its folder."""

    def __init__(self, source: Path, folder: Path) -> None:
        if not (TOOLS / "ready").exists():
            pytest.skip("there is no OpenTofu: install Go 1.26, and run make test-opentofu")
        self.folder = folder / "opentofu"
        shutil.copytree(source, self.folder)
        versions = self.folder / "versions.tf"
        # Without a bucket, nothing has to be initialized.
        pattern = r'(?s)\n  #[^\n]*\n  backend "s3" \{.*?\n  \}\n'
        text, count = re.subn(pattern, "", versions.read_text())
        assert count == 1
        versions.write_text(text)
        settings, schemas = folder / "opentofu.tfrc", folder / "schemas.json"
        settings.write_text(SETTINGS % TOOLS)
        schemas.write_text(json.dumps(_schemas()))
        self._environment = {
            **os.environ,
            "TF_CLI_CONFIG_FILE": str(settings),
            "PROVIDER_SCHEMAS": str(schemas),
            "CHECKPOINT_DISABLE": "1",
        }

    def run(self, *arguments: str) -> str:
        """Run OpenTofu, and return what it prints; fail with its message if it fails."""
        command = [str(TOOLS / "tofu"), f"-chdir={self.folder}", *arguments]
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def plan(self, *arguments: str) -> Resources:
        """Return what OpenTofu would create."""
        self.run("plan", "-input=false", "-out=plan", f"-var=release={RELEASE}", *arguments)
        plan = json.loads(self.run("show", "-json", "plan"))
        found: Resources = defaultdict(list)
        for resource in plan["planned_values"]["root_module"]["resources"]:
            found[resource["type"]].append(resource["values"])
        return found


def _schemas() -> dict[str, Any]:
    """Return the schemas of the provider."""
    tags = {"attributes": {"tags": {"type": ["map", "string"], "optional": True}}}
    provider = {
        "attributes": {"region": {"type": "string", "optional": True}},
        "block_types": {"default_tags": {"nesting_mode": "list", "block": tags}},
    }
    return {
        "provider": {"block": provider},
        "resource_schemas": json.loads((TOOLS / "schemas.json").read_text()),
        "ephemeral_resource_schemas": {
            name: {"block": {"attributes": attributes}} for name, attributes in EPHEMERALS.items()
        },
    }

"""Contracts of the events of services in Java: the same as in Python, and compared with code and commits."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .combinations import Combination
from .projects import tree_of, write

PATTERN = "event-driven"
JAVA: Combination = {"stack": "spring"}
CONTRACT = re.compile(r"contracts/(\w+\.v\d+)\.json")


def test_both_stacks_have_the_same_contracts() -> None:
    """Services of both stacks may share topics, so a contract is the same file in both."""
    java, python = tree_of(JAVA, pattern=PATTERN), tree_of({}, pattern=PATTERN)
    names = [path for path in java if CONTRACT.fullmatch(path)]
    assert len(names) >= 9
    assert [path for path in names if java[path].content != python[path].content] == []


def test_each_contract_is_compared_with_the_code() -> None:
    """A test of the shop names it: what publishes or reads such events has to agree with it."""
    tree = tree_of(JAVA, pattern=PATTERN)
    tests = "".join(
        file.content.decode() for path, file in tree.items() if re.search(r"Contracts?Test\.java$", path)
    )
    contracts = [found[1] for path in tree if (found := CONTRACT.fullmatch(path))]
    assert [name for name in contracts if name not in tests] == []


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_an_incompatible_change_since_a_commit_is_reported(tmp_path: Path) -> None:
    """What `make contracts SINCE=commit` runs names the contract and the field, and fails."""
    project = write(tree_of(JAVA, pattern=PATTERN), tmp_path / "shop")

    def output(*command: str) -> tuple[int, str]:
        done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    compare = (sys.executable, "scripts/compatibility.py", "HEAD")
    identity = ("-c", "user.name=nobody", "-c", "user.email=nobody@example.com")
    for arguments in (["init"], ["add", "contracts"], [*identity, "commit", "-m", "Begin"]):
        assert output("git", *arguments)[0] == 0
    assert output(*compare) == (0, "All contracts are compatible.\n")
    contract = project / "contracts/PaymentDebited.v1.json"
    contract.write_text(contract.read_text().replace('"amount"', '"total"'))
    status, report = output(*compare)
    assert status == 1
    assert "PaymentDebited.v1: old consumers cannot read new events: /amount: is now required" in report

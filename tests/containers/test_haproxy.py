"""The tests of the edge with the HAProxy of the containers, which is as new as the pinned image."""

import os
import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.generated.environment import ROOT

from .namespaces import SYSTEM

pytestmark = pytest.mark.long
TESTS = ("tests/deploy/test_edge.py", "tests/deploy/test_distributed_edge.py")


def test_the_edge_works_with_the_pinned_haproxy(tmp_path: Path) -> None:
    """The tests of the edge pass, and none is skipped because HAProxy is too old."""
    engine = SYSTEM / "engine"
    if not (engine / "usr/sbin/haproxy").exists():
        pytest.skip("there is no HAProxy for the tests: run make test-containers as root")
    # With the loader and the libraries that it was built for.
    (loader,) = engine.glob("lib64/ld-linux-*.so.2")
    libraries = engine / f"usr/lib/{platform.machine()}-linux-gnu"
    program = tmp_path / "haproxy"
    program.write_text(
        f'#!/bin/sh\nexec {loader} --library-path {libraries} {engine}/usr/sbin/haproxy "$@"\n'
    )
    program.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n0", "-rs", *TESTS, "-k", "haproxy"],
        cwd=ROOT,
        env=os.environ | {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    print(done.stdout.splitlines()[-1])
    assert done.returncode == 0, done.stdout
    assert not re.search("SKIPPED.*HAProxy before", done.stdout), done.stdout

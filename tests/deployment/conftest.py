"""Fixtures of the tests of deployments: one project of each pattern."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from .projects import new_project


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return what makes a project of a pattern, once."""

    @cache
    def make(pattern: str) -> Path:
        return new_project(tmp_path_factory.mktemp(pattern), pattern)

    return make

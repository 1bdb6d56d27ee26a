"""Fixtures for the tests of content."""

import pytest

from chassis.db.database import Database

from .newsroom import Newsroom


@pytest.fixture
def newsroom(database: Database) -> Newsroom:
    """A newsroom without articles."""
    return Newsroom(database)

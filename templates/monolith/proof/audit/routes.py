"""Audit route of the shop."""

from fastapi import APIRouter

from chassis.serving.program import Program

from .api import router
from .report import Audit


def routers(program: Program) -> list[APIRouter]:
    """Return the route that serves the report."""
    database = program.metric_sources.database
    assert database is not None
    return [router(Audit(database).report)]

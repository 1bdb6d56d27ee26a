"""Audit route of content."""

from pathlib import PurePath

from fastapi import APIRouter

from chassis.serving.program import Program


def routers(program: Program) -> list[APIRouter]:
    """Return the route that serves the report, in the content service; others have none."""
    database = program.metric_sources.database
    if database is None or PurePath(program.document or "").stem != "content":
        return []
    # Only the content service has the code that this imports.
    from .content_routes import router

    return [router(database)]

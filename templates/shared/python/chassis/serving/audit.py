"""Audit routes of a program: in tests and development, if the project has its proof."""

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

from fastapi import APIRouter

from ..settings import Settings
from .program import Program


class AuditSettings(Settings):
    """Whether the audit routes exist; for tests and development only."""

    audit_enabled: bool = False


def audit_routers(program: Program) -> Sequence[APIRouter]:
    """Return the audit routes of the program; none if they are disabled, or if `proof` was deleted."""
    if not AuditSettings().audit_enabled or find_spec("proof") is None:
        return []
    routers: Sequence[APIRouter] = import_module("proof.audit.routes").routers(program)
    return routers

"""Projects on disk: names, write plans, atomic writes, remembered state and updates."""

from .disk import Action, PlannedFile, WritePlan, plan_write, read_tree, write
from .naming import project_name
from .state import with_state

__all__ = [
    "Action",
    "PlannedFile",
    "WritePlan",
    "plan_write",
    "project_name",
    "read_tree",
    "with_state",
    "write",
]

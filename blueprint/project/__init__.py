"""Trees and disks: how a project is called, what would change on disk, and how it gets there."""

from .disk import read_tree
from .naming import project_name
from .plan import Action, PlannedFile, WritePlan, plan_write
from .state import with_state
from .write import write

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

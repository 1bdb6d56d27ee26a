"""Trees and disks: how a project is called, what would change on disk, and how it gets there."""

from .disk import read_tree
from .naming import project_name
from .plan import Action, Plan, Step, plan
from .state import with_state
from .write import write

__all__ = ["Action", "Plan", "Step", "plan", "project_name", "read_tree", "with_state", "write"]

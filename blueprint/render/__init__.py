"""Pattern and answers to a Tree in memory."""

from .engine import Rendering, render
from .tree import File, Tree

__all__ = ["File", "Rendering", "Tree", "render"]

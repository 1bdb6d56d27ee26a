"""Pattern and answers to a Tree in memory."""

from .engine import File, Rendering, Tree, render

__all__ = ["File", "Rendering", "Tree", "render"]

"""Render a pattern with answers into a tree of files in memory."""

from .engine import File, Rendering, Tree, render

__all__ = ["File", "Rendering", "Tree", "render"]

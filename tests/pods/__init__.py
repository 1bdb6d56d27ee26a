"""Generated shops as real pods, on nodes in namespaces of this machine."""

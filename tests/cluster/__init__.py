"""Generated shops on a real Kubernetes control plane, with made-up nodes."""

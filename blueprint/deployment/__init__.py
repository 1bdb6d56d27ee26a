"""Kubernetes manifests of a deployment: what they request, what that costs, and whether it meets the needs."""

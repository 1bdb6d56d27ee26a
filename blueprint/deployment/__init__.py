"""Kubernetes manifests of a deployment: what they request and cost, and whether they meet the needs."""

"""`blueprint recommend --check`: Kubernetes manifests compared with the needs."""

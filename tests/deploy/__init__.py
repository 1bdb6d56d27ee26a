"""The deployment of generated projects: manifests, compose file, image, edges and observability."""

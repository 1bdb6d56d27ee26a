"""Sizes of a deployment in manifests or variables: what they cost, and whether they meet the needs."""

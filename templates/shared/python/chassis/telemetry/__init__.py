"""Telemetry: what a program reports about itself."""

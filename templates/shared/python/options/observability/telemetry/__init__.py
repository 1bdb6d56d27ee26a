"""What the program tells about itself: JSON logs, Prometheus metrics and OpenTelemetry traces."""

"""Static checks of deployment files. Each takes parsed documents and returns the problems it found, as sentences."""

"""Static checks of deployment files; each takes parsed documents and returns the problems found."""

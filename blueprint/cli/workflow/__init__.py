"""`blueprint workflow`: a weekly update as a GitHub Actions workflow."""

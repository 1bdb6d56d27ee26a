"""`blueprint workflow`: workflows of GitHub Actions for a project."""

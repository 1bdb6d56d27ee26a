"""What a template author needs: a pattern to start from, checks, golden trees, and a package to give away."""

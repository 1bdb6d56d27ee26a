"""What a template author needs: a pattern to start from, checks, golden trees, and a parcel to give away."""

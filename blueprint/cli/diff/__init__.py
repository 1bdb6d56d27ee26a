"""`blueprint diff`: show your edits, or what an update would change."""

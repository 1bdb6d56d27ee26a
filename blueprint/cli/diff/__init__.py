"""`blueprint diff`: show edits of a project, or what an update would change."""

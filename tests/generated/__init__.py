"""The projects that the built-in patterns make, over all options: first as text, then at work."""

"""What hosts a context as a service of its own."""

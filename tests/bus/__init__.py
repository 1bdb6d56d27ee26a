"""The event bus, where it stands: laid beside the chassis as in a project, on a file and on a real broker."""

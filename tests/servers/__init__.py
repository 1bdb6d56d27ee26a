"""Real servers for tests: local processes on free ports of 127.0.0.1, each in its own folder."""

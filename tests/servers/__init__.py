"""Real servers for tests: each starts as a plain process on a free port of 127.0.0.1, in a folder of its own."""

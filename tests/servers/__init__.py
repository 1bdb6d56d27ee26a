"""Real servers for tests: plain processes on free ports of 127.0.0.1, each in a folder of its own."""

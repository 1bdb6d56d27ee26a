"""Fault tests with a real process: every order ends consistently when the process or the database fails."""

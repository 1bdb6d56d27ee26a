"""Choreography: services consume events, change their own data and publish what follows from it."""

"""Messaging: events, their outbox and inbox, and their delivery."""

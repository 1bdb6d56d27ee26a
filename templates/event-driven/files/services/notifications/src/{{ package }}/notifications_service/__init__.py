"""Notifications service: messages to users about their orders."""

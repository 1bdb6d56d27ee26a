"""Notifications: messages to users about their orders.

Public interface: `service.Notifications`, a consumer of order events.
"""

"""Notifications: tells users what became of their orders.

It offers `service.Notifications`, a consumer of order events.
"""

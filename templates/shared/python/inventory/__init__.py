"""Inventory: the units on hand, and the units reserved for orders.

Public interface: `service.StockService` (for administrators), `reservations.Reservations` (reserve, commit,
release and restock for an order) and `api.router`.
"""

"""Inventory: how many units are on the shelf, and which of them are promised to an order.

It offers `service.StockService` (the administrator's view), `reservations.Reservations` (reserve, commit,
release and restock for an order) and `api.router`.
"""

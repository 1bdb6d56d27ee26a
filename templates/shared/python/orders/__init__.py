"""Orders: placing, reading and cancelling them.

Public interface: `service.Orders` (what users may do), `repository.OrderRepository` (storage, for the order
processor) and `api.router`. How an order is placed is up to `ports.OrderProcessor`.
"""

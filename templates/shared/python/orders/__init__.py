"""Orders: what users bought, and what became of it.

It offers `service.Orders` (what users may do), `repository.OrderRepository` (how an order is kept, for
whoever places it) and `api.router`. How an order is placed is up to `ports.OrderProcessor`.
"""

"""Orders: placing, reading and cancelling them.

Public interface: `service.Orders` (what users may do), `administration.OrderAdministration` (what
administrators see), `repository.OrderRepository` (storage, for the order processor), and the routers of
`api`. How an order is placed is up to `ports.OrderProcessor`.
"""

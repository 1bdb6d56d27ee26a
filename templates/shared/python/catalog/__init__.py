"""The catalog: products and their prices.

Public interface: `service.Catalog` (products as cached JSON, current prices for orders) and `api.router`.
"""

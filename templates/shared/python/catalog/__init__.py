"""The catalogue: products and their prices.

It offers `service.Catalogue` (products as cached JSON, the newest prices to those who sell) and `api.router`.
"""

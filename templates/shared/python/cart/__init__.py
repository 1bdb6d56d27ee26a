"""The cart: the products that a user intends to buy.

Public interface: `service.Carts` and `api.router`.
"""

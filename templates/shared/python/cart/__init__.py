"""The cart: what a user thinks of buying.

It offers `service.Carts` and `api.router`.
"""

"""Identity: who is calling the shop.

`module.build(settings, database, limits)` gives the token verifier that every other context relies on, the
routes of this context, and what the application starts and stops with itself.
"""

"""Identity: who is calling the shop.

`module.build(settings, database, limits)` returns the token verifier that all other contexts rely on, the
routes of this context, and the hooks to start and stop it.
"""

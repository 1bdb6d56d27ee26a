"""Access: verification of tokens that another party issues.

`module.build(AccessSettings())` returns the token verifier and the hooks to start, ping and stop it.
"""

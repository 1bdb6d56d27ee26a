"""Access: whose token a request brings, where others issue the tokens.

`module.build(AccessSettings())` gives the verifier, and what the program starts, pings and stops with itself.
"""

"""An OpenID Connect issuer for development and tests: in memory, on this machine only.

Programs register themselves (RFC 7591) and get access tokens with the client-credentials grant (RFC 6749,
section 4.4). People log in on a page, and their programs get tokens with the authorization-code grant and
PKCE (RFC 7636). There are two people: a customer and an administrator, with passwords from the environment.
Start it with `python -m <package>.issuer`.
"""

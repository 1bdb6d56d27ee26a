"""An OpenID Connect issuer for development and tests: everything is in memory, on this machine only.

It issues what an issuer in production would issue to programs: clients register themselves (RFC 7591) and get
access tokens by the client-credentials grant (RFC 6749, section 4.4). It knows no people and shows no login
page. Start it with `python -m <package>.issuer`.
"""

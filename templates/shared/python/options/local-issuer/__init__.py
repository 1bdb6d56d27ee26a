"""An OpenID Connect issuer for development and tests: in memory, on this machine only.

It issues what a production issuer would issue to programs: clients register themselves (RFC 7591) and get
access tokens with the client-credentials grant (RFC 6749, section 4.4). It has no user accounts and no login
page. Start it with `python -m <package>.issuer`.
"""

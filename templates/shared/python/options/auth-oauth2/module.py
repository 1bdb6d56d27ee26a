"""Identity put together: the shop is an OpenID Connect resource server and keeps no accounts.

    identity = build(IdentitySettings(), database, limits)
    app.state.verifier = identity.verifier      # a chassis.security.TokenVerifier
    for router in identity.routers: ...         # /v1/me, /.well-known/oauth-protected-resource
    await identity.start()                      # before the first request: fetches the issuer's keys
    await identity.ping()                       # a readiness check named "identity"; raises when it fails
    await identity.stop()                       # after the last request
    await identity.seed()                       # users and roles are the issuer's: nothing to do

Settings: OIDC_ISSUER (exactly as the issuer writes itself), OIDC_AUDIENCE, OIDC_ADMIN_ROLE, PUBLIC_URL (where
callers reach the shop), and where needed OIDC_DISCOVERY_URL (where the shop reaches the issuer's discovery
document when that is not below OIDC_ISSUER) and OIDC_CLIENTS (the only clients whose tokens are taken).
"""

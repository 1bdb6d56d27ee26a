"""Calls from one service to another.

To call: `Peer(name, url, tokens)` is one provider; `get`, `put` and `post` raise `Refused`, `NotSent` or
`OutcomeUnknown`, so that the caller knows whether something may have happened. To be called:
`internal_router(callers)` lets only the listed services in. Whose call it is says a short-lived token
(`ServiceTokens`, `Callers`), made from SERVICE_KEY and checked with CALLERS; `python -m <package>.peers.keys`
makes both. How long the caller still waits travels with the call (`deadline`).
"""

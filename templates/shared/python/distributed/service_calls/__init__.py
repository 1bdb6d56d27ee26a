"""Calls from one service to another.

To call: `ServiceClient(name, url, tokens)` is one provider; `get`, `put` and `post` raise `Refused`,
`NotSent` or `OutcomeUnknown`, so that the caller knows whether something may have happened. To be called:
`internal_router(caller_verifier)` lets only the listed services in. Whose call it is says a short-lived token
(`ServiceTokens`, `CallerVerifier`), made from SERVICE_KEY and checked with CALLERS;
`python -m <package>.service_calls.keys` makes both. How long the caller still waits travels with the call
(`deadline`).
"""

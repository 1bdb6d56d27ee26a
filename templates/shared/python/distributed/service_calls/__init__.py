"""Calls between services.

To call: `ServiceClient(name, url, tokens)` is the client of one provider. `get`, `put` and `post` raise
`Refused`, `NotSent` or `OutcomeUnknown`, which tell the caller whether the call may have had an effect. To be
called: `internal_router(caller_verifier)` admits only the listed services. A short-lived token identifies the
caller (`ServiceTokens`, `CallerVerifier`); it is signed with SERVICE_KEY and verified with CALLERS. The
remaining time travels with the call (`deadline`).
"""

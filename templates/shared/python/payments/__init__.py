"""Payments: a wallet for each user on a double-entry ledger, whose entries always add up to 0.

Public interface: `wallets.Wallets` (balances and top-ups), `ledger.Ledger` (debits and refunds for orders)
and `api.router`. Whether a user exists is up to `ports.Users`.
"""

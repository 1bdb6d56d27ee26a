"""Payments: a wallet for each user on a double-entry ledger. The system is closed: all entries sum up to 0.

It offers `wallets.Wallets` (views and top-ups), `ledger.Ledger` (debit and refund for an order) and
`api.router`.
"""

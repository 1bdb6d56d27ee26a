"""Payments service: wallets, debits and refunds."""

"""Identity service: accounts and authentication."""

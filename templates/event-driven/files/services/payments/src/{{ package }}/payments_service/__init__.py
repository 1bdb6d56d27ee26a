"""The payments service: what orders cost their users."""

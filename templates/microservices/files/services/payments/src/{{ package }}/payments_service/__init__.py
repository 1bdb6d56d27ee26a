"""The payments service: what it cost them."""

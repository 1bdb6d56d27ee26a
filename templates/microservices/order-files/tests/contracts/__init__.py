"""Consumer-driven contracts: calls recorded from clients, compared with providers' OpenAPI documents."""

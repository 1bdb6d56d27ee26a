"""Cart service: the items that users intend to order."""

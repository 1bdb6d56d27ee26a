"""Monthly bill: compute, data, network, operations and people."""

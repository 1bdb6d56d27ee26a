"""Where a pattern runs: the hosts that fit, their sizes, their availability and the choice among them."""

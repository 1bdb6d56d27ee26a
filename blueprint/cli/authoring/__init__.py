"""The verbs of a template author: `blueprint pattern init`, `check`, `test` and `pack`."""

"""`blueprint merge`: put the contexts of one deployable of a project into another."""

"""Three-way merge of an update: pure functions over trees, and the inputs that they read from disk."""

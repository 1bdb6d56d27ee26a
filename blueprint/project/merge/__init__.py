"""The three-way merge of an update: pure functions over trees, and the inputs read from disk."""

"""Apply the edits of an update so that it can be interrupted and resumed."""

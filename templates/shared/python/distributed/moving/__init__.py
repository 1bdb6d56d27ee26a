"""Move of contexts to another database, while the shop runs.

`Move.copy` installs triggers that log the keys of changed rows. Then it copies all rows, and then the changed
ones. `Move.switch` renames the tables of the source, so that no program can use them any longer. It copies
the last changes, compares both sides, and gives the tables of the target their names. Before that,
`Move.roll_back` undoes everything; after it, another move leads back.

The names of the tables are the state of the move, so a step that was interrupted is simply run again.
"""

"""A Recommendation for people and programs: table, JSON, decision record, HTML."""

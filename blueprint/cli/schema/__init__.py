"""`blueprint schema`: JSON Schemas of what commands take and print."""

print("{{ not a template }}")

"""A git repository: people, teams, releases, modules and operations practices, without any network."""

"""How a service takes part in what others begin: it hears events, changes its own data, and tells of that."""

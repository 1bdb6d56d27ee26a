"""How a program is served and run: the application around its routes, the server, the commands."""

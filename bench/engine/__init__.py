"""Start-up and generation of blueprint beside copier, cookiecutter and a bare Jinja loop, on the same files."""

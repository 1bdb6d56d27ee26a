"""Start-up and generation of blueprint, copier, cookiecutter and a bare Jinja loop, on the same files."""

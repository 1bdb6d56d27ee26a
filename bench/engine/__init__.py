"""Benchmark of start-up and generation: blueprint, Copier, Cookiecutter and a bare Jinja loop."""

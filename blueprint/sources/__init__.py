"""Where patterns come from: blueprint itself, an installed package, a folder, a zip file or a git repository.

What is there may be a native pattern (pattern.yaml), a Copier template (copier.yml) or a Cookiecutter
template (cookiecutter.json). All three are a `Pattern`: the same options, answers, plan, update and diff.

    pattern = find_pattern("gh:team/patterns@v1.2.0#services/api")
    pattern = as_trusted(pattern)                 # only after somebody has agreed to `scripts_of(pattern)`
    answers = check_answers(pattern, "my-shop", {"database": "mysql"})
    rendering = render(pattern, answers)          # raises UntrustedError if code is needed and not trusted
    pattern.origin                                # what the project remembers, in .blueprint/source.yaml

Nothing here asks or prints; `copier` and `cookiecutter` are imported only for their own templates.
"""

from .catalogue import find_pattern, list_patterns, remembered_source
from .rendering import apply_migrations, as_trusted, render, runs_code, scripts_of

__all__ = [
    "apply_migrations",
    "as_trusted",
    "find_pattern",
    "list_patterns",
    "remembered_source",
    "render",
    "runs_code",
    "scripts_of",
]

"""Sources of patterns: built-in patterns, installed packages, folders, zip files and git repositories.

A source contains native patterns (pattern.yaml), Copier templates (copier.yml) or Cookiecutter templates
(cookiecutter.json). All three become a `Pattern`, with the same options, answers, plan, update and diff.

    pattern = find_pattern("gh:team/patterns@v1.2.0#services/api")
    pattern = as_trusted(pattern)                 # only after the user has approved `scripts_of(pattern)`
    answers = check_answers(pattern, "my-shop", {"database": "mysql"})
    rendering = render(pattern, answers)          # raises UntrustedError if it needs code and is not trusted
    pattern.origin                                # stored in the project, in .blueprint/source.yaml

Nothing here prints or prompts. `copier` and `cookiecutter` are imported only for their own templates.
"""

from .dispatch import (
    apply_migrations,
    as_trusted,
    find_pattern,
    is_partial,
    opening_message,
    remembered_source,
    render,
    render_again,
    runs_code,
    scripts_of,
    with_answers_file,
)

__all__ = [
    "apply_migrations",
    "as_trusted",
    "find_pattern",
    "is_partial",
    "opening_message",
    "remembered_source",
    "render",
    "render_again",
    "runs_code",
    "scripts_of",
    "with_answers_file",
]

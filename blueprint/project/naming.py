"""Project names: one name for the folder, the container images and the Python package."""

import re
import sys
from keyword import kwlist, softkwlist

from blueprint.errors import ProjectNameError

MAX_NAME = 40
"""Longest project name in characters; a name with a suffix must fit a DNS label of 63 characters."""

_IMPORTED = """
acceptance aiosqlite alembic argon2 asyncmy asyncpg authlib cachetools chassis choreography cryptography
email_validator emcache fastapi granian httpx2 hypothesis joserfc limits msgspec opentelemetry
prometheus_client pydantic pydantic_settings pytest redis sqlalchemy stamina starlette structlog
typing_extensions yaml
"""
"""Libraries that generated projects import: a package of the same name would shadow them."""

_TAKEN = frozenset(
    {*kwlist, *softkwlist, *sys.stdlib_module_names, *_IMPORTED.split(), "test", "tests", "src", "scripts"}
)


def project_name(name: str) -> str:
    """Convert `name` to kebab case: "My Shop", `my_shop` and `MyShop` all become `my-shop`.

    Raises ProjectNameError if the result is not a valid name, or if its package could not be imported.
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name.strip())
    project = re.sub(r"[ _.-]+", "-", spaced).strip("-").lower()
    if not re.fullmatch(r"[a-z][a-z0-9-]*", project):
        raise ProjectNameError(
            f"{name!r} is not a valid project name",
            hint="Use letters, digits, - and _, and start with a letter: my-shop.",
        )
    if len(project) > MAX_NAME:
        raise ProjectNameError(
            f"the project name {project!r} is too long: {len(project)} characters",
            hint=f"Use at most {MAX_NAME} characters: my-shop.",
        )
    package = project.replace("-", "_")
    if package in _TAKEN:
        raise ProjectNameError(
            f"{project!r} is not a valid project name: Python or a library already uses {package!r}",
            hint=f"Add a word, for example {project}-shop.",
        )
    return project

"""The name of a project: one name for the folder, the images and the Python package."""

import re
import sys
from keyword import kwlist, softkwlist

from blueprint.errors import ProjectNameError

MAX_NAME = 40
"""The longest name: with a suffix it must still fit the 63 characters of a DNS label."""

_IMPORTED = """
acceptance aiosqlite alembic argon2 asyncmy asyncpg authlib cachetools cryptography email_validator emcache
fastapi granian httpx2 hypothesis joserfc limits msgspec opentelemetry prometheus_client pydantic
pydantic_settings pytest redis sqlalchemy stamina starlette structlog typing_extensions yaml
"""
"""What generated projects import: a package of the same name would hide it, or be hidden by it."""

_TAKEN = frozenset(
    {*kwlist, *softkwlist, *sys.stdlib_module_names, *_IMPORTED.split(), "test", "tests", "src", "scripts"}
)


def project_name(name: str) -> str:
    """`name` in kebab case, as in `my-shop` for "My Shop", `my_shop` or `MyShop`.

    Raises ProjectNameError if that is no project name, or if the package `my_shop` could not be imported.
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name.strip())
    project = re.sub(r"[ _.-]+", "-", spaced).strip("-").lower()
    if not re.fullmatch(r"[a-z][a-z0-9-]*", project):
        raise ProjectNameError(
            f"{name!r} cannot be the name of a project",
            hint="Use letters, digits, - and _, and begin with a letter: my-shop.",
        )
    if len(project) > MAX_NAME:
        raise ProjectNameError(
            f"{project!r} has {len(project)} characters", hint=f"Use at most {MAX_NAME}: my-shop."
        )
    package = project.replace("-", "_")
    if package in _TAKEN:
        raise ProjectNameError(
            f"{project!r} cannot be the name of a project: {package!r} is Python's or a library's",
            hint=f"Add a word: {project}-shop.",
        )
    return project

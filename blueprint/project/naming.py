"""Project names: one name for the folder, the container images and the Python package."""

import re
import sys
import unicodedata
from keyword import kwlist, softkwlist

from msgspec.structs import replace

from blueprint.errors import ProjectNameError
from blueprint.patterns import Pattern, Text, Value, is_package_name, package_name
from blueprint.patterns.answers import PACKAGE

MAX_NAME = 40
"""Longest project name in characters; a name with a suffix must fit a DNS label of 63 characters."""

_LIBRARIES = """
acceptance aiohappyeyeballs aiohttp aiosignal aiosqlite alembic annotated_doc annotated_types anyio argon2
ast_serialize asyncmy asyncpg attr attrs authlib cachetools certifi cffi charset_normalizer chassis
choreography click confluent_kafka coverage cryptography deprecated dns dotenv email_validator emcache
evidence_checks fastapi fastapi_swagger frozenlist google granian graphql greenlet grimp h11 harfile hiredis
httpcore2 httpx2 hypothesis hypothesis_graphql idna importlinter iniconfig joserfc jsonschema_rs librt
limits mako markdown_it markupsafe mdurl msgspec multidict mypy mypy_extensions mypyc nh3 opentelemetry
packaging pathspec pip pkg_resources pluggy prometheus_client proof propcache py pycparser pydantic
pydantic_core pydantic_settings pygments pyrate_limiter pytest pytest_asyncio redis requests rich ruff
schemathesis setuptools sortedcontainers sqlalchemy stamina starlette structlog tenacity truststore
typing_extensions typing_inspection urllib3 uvloop watchfiles werkzeug wrapt yaml yarl
"""
"""Modules in the environment of a generated project: a package of the same name would shadow them."""

_TAKEN = frozenset(
    {*kwlist, *softkwlist, *sys.stdlib_module_names, *_LIBRARIES.split(), "test", "tests", "src", "scripts"}
)


def project_name(name: str, *, unicode: bool = False) -> str:
    """Convert `name` to kebab case: "My Shop", `my_shop` and `MyShop` all become `my-shop`.

    Only with `unicode` may it have letters other than ASCII; see `with_package_option`. Raises
    ProjectNameError if the result is not a valid name, or if its package could not be imported.
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", unicodedata.normalize("NFC", name.strip()))
    project = unicodedata.normalize("NFC", re.sub(r"[ _.-]+", "-", spaced).strip("-").lower())
    if not re.fullmatch(r"[^\W\d_](?:[^\W_]|-)*" if unicode else r"[a-z][a-z0-9-]*", project):
        raise ProjectNameError(
            f"{name!r} is not a valid project name",
            hint="Use letters, digits, - and _, and start with a letter: my-shop.",
        )
    if len(project) > MAX_NAME:
        raise ProjectNameError(
            f"the project name {project!r} is too long: {len(project)} characters",
            hint=f"Use at most {MAX_NAME} characters: my-shop.",
        )
    package = package_name(project)
    if package in _TAKEN:
        raise ProjectNameError(
            f"{project!r} is not a valid project name: Python or a library already uses {package!r}",
            hint=f"Add a word, for example {project}-shop.",
        )
    return project


def check_letters(project: str, pattern: Pattern) -> None:
    """Raise ProjectNameError if `project` has letters that `pattern` does not allow in a name."""
    if not (project.isascii() or pattern.unicode_names):
        package = package_name(project)
        latin = package.replace("_", "-") if is_package_name(package) else "my-shop"
        raise ProjectNameError(
            f"{project!r} is not a valid project name: {pattern.name} allows only ASCII letters",
            hint=f"Use the letters a to z: {latin}.",
        )


_PACKAGE = Text(
    question="Python package of the project?",
    help="The name of the project has letters from which none can be derived.",
    default="",
    placeholder="my_shop",
    required=True,
    validator="{% if not (package.isascii() and package.isidentifier() and package == package.lower())"
    " or package.startswith('_') %}use lowercase letters from a to z, digits and underscores"
    f"{{% elif package in {sorted(_TAKEN)} %}}Python or a library already uses this name{{% endif %}}",
)


def with_package_option(pattern: Pattern, project: str, known: Value = None) -> Pattern:
    """Return `pattern` with an option for the package if none can be derived from the name of `project`.

    The package that another template of the project has, if it is `known`, is the default.
    """
    if pattern.origin.kind != "native" or is_package_name(package_name(project)):
        return pattern
    option = replace(_PACKAGE, default=known, required=False) if isinstance(known, str) else _PACKAGE
    return replace(pattern, options={PACKAGE: option, **pattern.options})

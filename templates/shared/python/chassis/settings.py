"""Configuration from environment variables or a local `.env` file."""

import re
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

T = TypeVar("T")


class Settings(BaseSettings):
    """Base class of all settings; a field `database_url` is read from `DATABASE_URL`.

    Whatever a value must look like is checked here, when it is read: a program with an invalid setting does
    not start. An optional setting without a default may be empty, which is the same as not set.
    """

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _without_empty(cls, value: Any, info: ValidationInfo) -> Any:
        assert info.field_name
        return None if value == "" and cls.model_fields[info.field_name].default is None else value


def _split(text: object) -> object:
    return [each.strip() for each in text.split(",") if each.strip()] if isinstance(text, str) else text


Listed = Annotated[tuple[T, ...], NoDecode, BeforeValidator(_split)]
"""A setting with several values, separated by commas."""


def _http_url(text: str) -> str:
    if not is_url(text, "http", "https"):
        raise ValueError("an address is written like http://host:8000")
    return text


HttpUrl = Annotated[str, AfterValidator(_http_url)]
"""A setting with the address of an HTTP server, as it is written: pydantic's own type would normalize it."""


def is_url(text: str, *schemes: str) -> bool:
    """Whether `text` is a URL with one of these schemes, a host, and a port that exists, if it has one."""
    try:
        url = urlsplit(text)
        return url.scheme in schemes and bool(url.hostname) and url.port != 0 and not re.search(r"\s", text)
    except ValueError:
        return False


def explain(error: ValidationError) -> str:
    """Return a sentence for each invalid setting: its variable, and what is allowed.

    Values are not repeated, because some are secret.
    """
    return "\n".join(_sentence(each["loc"], each["type"], each["msg"]) for each in error.errors())


def _sentence(location: tuple[int | str, ...], type: str, message: str) -> str:
    reason = message.removeprefix("Value error, ")
    if not location:
        # About several settings together; it names them.
        return f"{reason}."
    variable = str(location[0]).upper()
    if type == "missing":
        return f"{variable} is not set. Set it in the environment or in .env."
    return f"{variable} is invalid: {reason[0].lower()}{reason[1:]}."

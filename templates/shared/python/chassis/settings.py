"""Configuration from environment variables or a local `.env` file."""

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Base class of all settings; a field `database_url` is read from `DATABASE_URL`."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)


def explain(error: ValidationError) -> str:
    """Return a sentence for each invalid setting: its variable, and what is allowed.

    Values are not repeated, because some are secret.
    """
    return "\n".join(
        _sentence(str(each["loc"][0]).upper(), each["type"], each["msg"]) for each in error.errors()
    )


def _sentence(variable: str, type: str, message: str) -> str:
    if type == "missing":
        return f"{variable} is not set. Set it in the environment or in .env."
    reason = message.removeprefix("Value error, ")
    return f"{variable} is invalid: {reason[0].lower()}{reason[1:]}."

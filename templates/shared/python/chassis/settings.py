"""Configuration from environment variables or a local `.env` file."""

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Base class of all settings; a field `database_url` is read from `DATABASE_URL`."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

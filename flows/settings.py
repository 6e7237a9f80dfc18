"""The only door to the environment, to `.env` and to `heardback.yml`.

Every setting may also come from a file: `HEARDBACK_SMTP_URL_FILE=/run/secrets/smtp` holds its value.
Secrets in `heardback.yml` are written `${NAME}`; a name that is not set fails only the source that needs it.
"""

from __future__ import annotations

import difflib
import os
import re
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from flows.configuration import Configuration, Source
from flows.records import ConfigurationError, SourceError
from flows.yaml_places import yaml_lines

_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class _FromFiles(PydanticBaseSettingsSource):
    """Read `NAME_FILE`: the value is what the named file holds, without the line end."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        path = os.environ.get(f"HEARDBACK_{field_name.upper()}_FILE")
        if not path:
            return None, field_name, False
        try:
            return Path(path).read_text(encoding="utf-8").strip(), field_name, False
        except OSError as error:
            raise ConfigurationError(
                f"HEARDBACK_{field_name.upper()}_FILE names '{path}', "
                f"which cannot be read ({error.strerror}). "
                "Name a readable file or unset it."
            ) from None

    def __call__(self) -> dict[str, Any]:
        found = (
            (name, self.get_field_value(field, name)[0])
            for name, field in self.settings_cls.model_fields.items()
        )
        return {name: value for name, value in found if value is not None}


class Settings(BaseSettings):
    """Hold the environment's answers; times are aware, paths absolute."""

    model_config = SettingsConfigDict(env_prefix="HEARDBACK_", env_file=".env", extra="ignore", frozen=True)

    home: Path = Path(".heardback")
    config: Path = Path("heardback.yml")
    programme: Path | None = None
    ledger_url: str = ""
    smtp_url: str = ""
    imap_url: str = ""
    mail_from: str = "heardback@localhost"
    mail_reply_to: str = ""
    base_url: str = ""
    secret_key: str = ""
    now_text: str = Field("", validation_alias="HEARDBACK_NOW")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _FromFiles(settings_cls), dotenv_settings

    @cached_property
    def home_folder(self) -> Path:
        """Give the folder of all state, absolute."""
        return self.home.expanduser().resolve()

    @cached_property
    def config_file(self) -> Path:
        """Give the configuration file, absolute."""
        return self.config.expanduser().resolve()

    @cached_property
    def programme_folder(self) -> Path:
        """Give the folder of the programme tables: set, or `programme` beside the configuration."""
        if self.programme is not None:
            return self.programme.expanduser().resolve()
        return self.config_file.parent / "programme"

    @cached_property
    def ledger_address(self) -> str:
        """Give the SQLAlchemy URL of the ledger; SQLite in the home folder unless another is set."""
        return self.ledger_url or f"sqlite:///{self.home_folder / 'ledger.sqlite'}"

    @cached_property
    def configuration(self) -> Configuration:
        """Read `heardback.yml` once; raises ConfigurationError naming key and mend."""
        return read_configuration(self.config_file)

    def now(self) -> datetime:
        """Tell the time that cursors, windows and deadlines go by: `HEARDBACK_NOW`, else the clock (UTC)."""
        if not self.now_text:
            return datetime.now(UTC).replace(microsecond=0)
        try:
            moment = datetime.fromisoformat(self.now_text)
        except ValueError:
            moment = datetime.min
        if moment.tzinfo is None:
            raise ConfigurationError(
                f"HEARDBACK_NOW is '{self.now_text}'; write an ISO time with its offset, "
                "like 2026-05-04T09:00:00Z."
            )
        return moment.astimezone(UTC)


def load() -> Settings:
    """Read the environment and `.env` now (nothing is cached between calls)."""
    return Settings()


def environment(name: str) -> str | None:
    """Look up one plain environment variable that is not Heardback's own (such as PREFECT_API_URL)."""
    return os.environ.get(name)


def default_environment(values: dict[str, str]) -> None:
    """Set environment variables that the operator has not set, for libraries told in no other way."""
    for name, value in values.items():
        os.environ.setdefault(name, value)


def set_environment(values: dict[str, str]) -> None:
    """Set environment variables for what can be told in no other way (dbt, Prefect, the demo's home)."""
    os.environ.update(values)


def unset_environment(prefix: str) -> None:
    """Forget every variable with this prefix; the demo must not act on the user's own settings."""
    for name in [name for name in os.environ if name.startswith(prefix)]:
        del os.environ[name]


def read_configuration(path: Path) -> Configuration:
    """Read and validate a configuration file; raises ConfigurationError with file, key and mend."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigurationError(
            f"There is no configuration at {path}. "
            "`heardback init` writes one; HEARDBACK_CONFIG names another."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}. Save it as UTF-8 text.") from None
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise ConfigurationError(
            f"{path}{where}: this is not YAML ({getattr(error, 'problem', error)})."
        ) from None
    if not isinstance(content, dict):
        raise ConfigurationError(f"{path}: a configuration with at least `sources:` is expected here.")
    try:
        return Configuration.model_validate(content)
    except ValidationError as error:
        lines = yaml_lines(text)
        raise ConfigurationError("\n".join(_sentence(path, one, lines) for one in error.errors())) from None


def _sentence(path: Path, detail: Any, lines: dict[tuple[str | int, ...], int]) -> str:
    """Turn one of pydantic's errors into: file, line, key, what is wrong, the nearest known key."""
    place = ".".join(str(part) for part in detail["loc"])
    above = (tuple(detail["loc"][:length]) for length in range(len(detail["loc"]), 0, -1))
    line = next((lines[part] for part in above if part in lines), None)
    where = f"{path}, line {line}" if line else str(path)
    if detail["type"] == "extra_forbidden":
        known = sorted(_known_keys(detail["loc"][:-1]))
        near = difflib.get_close_matches(str(detail["loc"][-1]), known, n=1, cutoff=0.5)
        mend = f" Did you mean '{near[0]}'?" if near else ""
        return f"{where}: the key '{place}' is not known.{mend}"
    if detail["type"] == "missing":
        return f"{where}: the key '{place}' is missing."
    return f"{where}: {place}: {detail['msg'].removeprefix('Value error, ')}."


def _known_keys(place: tuple[str | int, ...]) -> set[str]:
    """Give the keys that may stand at a place: those of the model there, and only them."""
    model: Any = Configuration
    for part in place:
        if isinstance(part, str):
            annotation = model.model_fields[part].annotation
            model = next((one for one in get_args(annotation) if hasattr(one, "model_fields")), annotation)
    return set(model.model_fields)


def with_secrets(source: Source) -> Source:
    """Fill in a source's `${NAME}` references; raises SourceError naming the variable that is not set."""

    def filled(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return _REFERENCE.sub(lambda match: _required(source.name, match.group(1)), value)

    return source.model_copy(update={key: filled(value) for key, value in source if isinstance(value, str)})


def _required(source_name: str, name: str) -> str:
    value = os.environ.get(name) or _from_file(name) or _dotenv().get(name)
    if not value:
        raise SourceError(f"source '{source_name}' needs the environment variable {name}, which is not set.")
    return value


def _from_file(name: str) -> str | None:
    path = os.environ.get(f"{name}_FILE")
    return Path(path).read_text(encoding="utf-8").strip() if path and Path(path).is_file() else None


def _dotenv() -> dict[str, str | None]:
    from dotenv import dotenv_values

    return dict(dotenv_values(".env"))

"""Types of fields for the settings of clients: what people paste is trimmed to what is meant, or refused with words."""

from typing import Annotated

from pydantic import AfterValidator, Field


def _printable(value: str) -> bool:
    return value.isprintable() and not any(char.isspace() for char in value)


def bare_host(value: str) -> str:
    """Take a host name or an address, an IPv6 one with or without brackets. Raises `ValueError`."""
    host = value.strip().removeprefix("[").removesuffix("]")
    if any(char in host for char in "/@?#[]") or not _printable(host):
        raise ValueError("only a host name or an address, without http://, port or path")
    return host


def bare_path(value: str) -> str:
    """Take the path of a URL, with or without slashes around it; "" for none. Raises `ValueError`."""
    path = value.strip().strip("/")
    if any(char in path for char in "?#\\") or not _printable(path):
        raise ValueError("only a path such as /prefix")
    return f"/{path}" if path else ""


HostName = Annotated[str, AfterValidator(bare_host)]
UrlPath = Annotated[str, AfterValidator(bare_path)]
LocalPath = Annotated[str, Field(json_schema_extra={"format": "path"})]


def netloc(host: str, port: int) -> str:
    """Write host and port as they stand in a URL."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

"""The keys of config.json about who may come in. Source: data-model 12, http-api 3."""

import ipaddress
import re
from typing import Annotated

from pydantic import Field, field_validator

from ..model.permissions import EDIT_ALL, PERMISSIONS, SSO, VIEW_ALL
from .section import Section

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class TrustedProxySettings(Section):
    """Sign-in by a header that a reverse proxy sets."""

    enabled: Annotated[bool, Field(description="Whether a trusted proxy may say who somebody is")] = False
    username_header: Annotated[str, Field(description="The header with the user name; required when enabled")] = ""
    auto_provision: Annotated[bool, Field(description="Whether unknown names get an account")] = False
    default_capabilities: Annotated[
        tuple[str, ...], Field(description="What such an account may do: names of permissions")
    ] = tuple(name for name in PERMISSIONS if name in SSO)

    @field_validator("username_header")
    @classmethod
    def _header(cls, value: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9-]*", value):
            raise ValueError("it should be the name of a header, such as Remote-User")
        return value.lower()

    @field_validator("default_capabilities")
    @classmethod
    def _permissions(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := sorted({*value} - {*PERMISSIONS}):
            raise ValueError(f"there is no permission {unknown[0]!r}; there are {', '.join(PERMISSIONS)}")
        if EDIT_ALL in value and VIEW_ALL not in value:
            raise ValueError(f"{EDIT_ALL} needs {VIEW_ALL} as well")
        return value


class AuthSettings(Section):
    """Whether callers have to show who they are."""

    enabled: Annotated[bool, Field(description="Whether callers have to sign in; false: everyone is an admin")] = True
    allow_insecure: Annotated[
        bool, Field(description="Whether authentication may be off on an address that other machines reach")
    ] = False
    trusted_proxy: TrustedProxySettings = TrustedProxySettings()


def networks(values: tuple[str, ...]) -> tuple[Network, ...]:
    """Read addresses and networks. Raises `ValueError` saying what they should be."""
    try:
        return tuple(ipaddress.ip_network(each.strip(), strict=False) for each in values)
    except ValueError:
        raise ValueError("each should be an address or a network, such as 192.168.1.2 or 172.16.0.0/12") from None

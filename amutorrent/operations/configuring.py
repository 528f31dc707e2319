"""Showing, trying and saving the configuration. Source: http-api 13, data-model 12."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType, field, to_builtins

from ..configuration import ClientTypeForm, FoundClient, SectionForm, Tested
from ..model import camel
from .call import Call
from .declare import ADMIN, operation
from .requests import Nothing

Section = dict[str, Any]  # Any: keys of config.json, which the models of settings describe and check
Entries = Annotated[list[Section], Meta(max_length=100)]


class ConfigMeta(Struct, frozen=True, kw_only=True, rename=camel):
    """`revision` names what is shown; `locked` are keys that a variable or a flag holds, not to be changed here.

    `restartNeeded`: keys that wait for the next start; `isDocker`: paths are those of a container.
    """

    revision: str
    locked: list[str]
    restart_needed: list[str]
    is_docker: bool


class ConfigBody(Struct, frozen=True, kw_only=True, rename=camel):
    """The configuration as in config.json (docs/settings.md), with every key; `********` is a saved secret."""

    version: str
    server: Section
    directories: Section
    database: Section
    disk: Section
    history: Section
    updates: Section
    clients: list[Section]
    plugins: dict[str, Section]


class Config(ConfigBody, frozen=True, kw_only=True, rename=camel):
    """The configuration that counts, and what is to be known of it."""

    meta: ConfigMeta = field(name="_meta")


@operation("getConfig", http="GET /api/config/current", needs=ADMIN, socket=False)
async def current(request: Nothing, call: Call) -> Config:
    """Show the whole configuration with every key. No secret is shown: `********` stands for one that is saved."""
    found = call.host.configuration
    meta = ConfigMeta(
        revision=found.revision,
        locked=found.locked,
        restart_needed=found.restart_needed,
        is_docker=found.in_container(),
    )
    return Config(meta=meta, **found.current())


class ConfigDefaults(Struct, frozen=True, kw_only=True, rename=camel):
    """The configuration that nobody has touched, and the forms of client types and of plugins."""

    config: ConfigBody
    client_types: list[ClientTypeForm]
    plugins: list[SectionForm]


@operation("getConfigDefaults", http="GET /api/config/defaults", needs=ADMIN, socket=False)
async def defaults(request: Nothing, call: Call) -> ConfigDefaults:
    """Show what counts where nothing is set, and the fields that each client type and each plugin has."""
    found = call.host.configuration
    return ConfigDefaults(
        config=ConfigBody(**found.defaults()), client_types=found.client_types(), plugins=found.sections()
    )


class TestConfig(Struct, frozen=True, kw_only=True, rename=camel):
    """What to try: entries of `clients`, and keys of `directories`; a masked secret means the saved one."""

    clients: Entries | UnsetType = UNSET
    directories: Section | UnsetType = UNSET


class TestResults(Struct, frozen=True, kw_only=True, rename=camel, omit_defaults=True):
    """What came of it, under the same keys and in the same order."""

    clients: list[Tested] | UnsetType = UNSET
    directories: dict[str, Tested | list[Tested]] | UnsetType = UNSET


class ConfigTested(Struct, frozen=True, kw_only=True, rename=camel):
    """`success`: nothing failed."""

    success: bool
    results: TestResults


@operation("testConfig", http="POST /api/config/test", needs=ADMIN, socket=False)
async def test(request: TestConfig, call: Call) -> ConfigTested:
    """Try settings without saving them: connect to clients and log in, look at folders.

    A masked secret is refused (400) where the address of that client is another one than the saved one.
    """
    found = call.host.configuration
    clients = UNSET if request.clients is UNSET else await found.try_clients(request.clients)
    folders = UNSET if request.directories is UNSET else await found.try_folders(request.directories)
    tried = [*(clients or ())]
    for each in (folders or {}).values():
        tried += each if isinstance(each, list) else [each]
    return ConfigTested(
        success=all(each.success for each in tried), results=TestResults(clients=clients, directories=folders)
    )


class ClientsFound(Struct, frozen=True, kw_only=True, rename=camel):
    """What listens on this machine."""

    found: list[FoundClient]
    success: bool = True


@operation("detectClients", http="POST /api/config/detect", needs=ADMIN, socket=False, changes=False)
async def detect(request: Nothing, call: Call) -> ClientsFound:
    """Look for clients at the usual local addresses of every client type: at most 3 s, and never a login."""
    return ClientsFound(found=await call.host.configuration.detect())


class RevisionMeta(Struct, frozen=True, kw_only=True, rename=camel):
    """Which configuration was changed: the `revision` that `current` gave."""

    revision: str


class SaveConfig(Struct, frozen=True, kw_only=True, rename=camel):
    """The whole configuration, as `current` gave it and changed as wanted.

    A section that is left out stays as it is; what is left out within one takes its default. `********` stands for
    the saved secret. A client may carry `previousId`: what belonged to that id follows to the new one.
    """

    meta: RevisionMeta = field(name="_meta")
    version: str | UnsetType = UNSET
    server: Section | UnsetType = UNSET
    directories: Section | UnsetType = UNSET
    database: Section | UnsetType = UNSET
    disk: Section | UnsetType = UNSET
    history: Section | UnsetType = UNSET
    updates: Section | UnsetType = UNSET
    clients: Entries | UnsetType = UNSET
    plugins: dict[str, Section] | UnsetType = UNSET


class ConfigSaved(Struct, frozen=True, kw_only=True, rename=camel):
    """The new revision, and the keys whose new values wait for the next start."""

    message: str
    revision: str
    restart_needed: list[str]
    success: bool = True


@operation("saveConfig", http="POST /api/config/save", needs=ADMIN, socket=False, errors=("config_changed",))
async def save(request: SaveConfig, call: Call) -> ConfigSaved:
    """Save the whole configuration, all or nothing, and let it count: only the clients that changed connect anew.

    All that is wrong is told at once, in `details.problems` (`field`, `message`). 409 `config_changed` if the file
    was changed since `current` gave it. What a variable or a flag holds has to stay as it is.
    """
    found = call.host.configuration
    sent = to_builtins(request)
    await found.save({key: value for key, value in sent.items() if key != "_meta"}, request.meta.revision)
    waiting = found.restart_needed
    message = f"Saved; the next start is needed for {', '.join(waiting)}" if waiting else "Saved"
    return ConfigSaved(message=message, revision=found.revision, restart_needed=waiting)

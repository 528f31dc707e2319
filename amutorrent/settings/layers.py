"""Lays environment and flags over config.json, key by key. Source: data-model 12."""

from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from .clients import Entry
from .environment import PREFIX, BadVariable, Variable, is_index, value_of
from .file import ConfigFile
from .keys import Key, Tree, lay, names
from .model import HostSettings
from .problems import Origins, Problems, nearest

FLAGS: Mapping[str, Key] = {
    "--host": ("server", "host"),
    "--port": ("server", "port"),
    "--log-level": ("server", "logLevel"),
}


class Layered:
    """What file, environment and flags say together, checked as far as that goes without the plugins."""

    def __init__(
        self,
        file: ConfigFile,
        variables: Sequence[Variable],
        flags: Mapping[str, str | int],
        *,
        tree: dict[str, Tree] | None = None,
    ) -> None:
        """Lay everything over `tree`, or over the file's own."""
        self.origins = Origins(str(file.path))
        self.problems = Problems(self.origins)
        self.unknown: list[str] = []
        """Variables that mean nothing, each with the name that was probably meant."""
        self._of_plugins: list[Variable] = []
        self._of_clients: dict[int, list[Variable]] = {}
        self._tree = file.tree if tree is None else tree
        for variable in variables:
            self._variable(variable)
        for flag, value in flags.items():
            self._lay(FLAGS[flag], value, flag)
        self._host = self._checked()
        self.entries = self._rows()
        """The entries of `clients`."""

    def _variable(self, variable: Variable) -> None:
        words = variable.words
        if words[0] == "CLIENTS" and len(words) > 2 and is_index(words[1]):
            self._of_clients.setdefault(int(words[1]), []).append(variable.below(2))
        elif words[0] == "PLUGINS" and len(words) > 2:
            self._of_plugins.append(variable)
        else:
            self._host_variable(variable)

    def _host_variable(self, variable: Variable) -> None:
        try:
            value = value_of(variable, [HostSettings])
        except BadVariable as error:
            self.problems.add_bad(error)
            return
        if value:
            self._lay(value.key, value.value, value.name)
        else:
            self.unknown.append(f"{variable.name}{nearest(variable.name, names(HostSettings, PREFIX))}")

    def _lay(self, key: Key, value: Tree, name: str) -> None:
        self._tree = lay(self._tree, key, value)
        self.origins.set_by[key] = name

    def _checked(self) -> HostSettings | None:
        try:
            return HostSettings.of(self._tree)
        except ValidationError as error:
            self.problems.add_all(error, HostSettings)
            return None

    def checked(self) -> HostSettings:
        """Give the settings of the host. Raises `SettingsError` with all problems found so far."""
        self.problems.check()
        assert self._host is not None, "no settings, and no problem"
        return self._host

    def _rows(self) -> list[Entry]:
        """Make entries of what is written, and of what only variables speak of."""
        written = self._tree.get("clients", [])
        rows = [each if isinstance(each, dict) else {} for each in written] if isinstance(written, list) else []
        for number in sorted(self._of_clients):
            if number > len(rows):
                self._gap(number, len(rows))
                break
            rows += [{}] * (number == len(rows))
        return [Entry(number, raw, self._of_clients.get(number, [])) for number, raw in enumerate(rows)]

    def _gap(self, number: int, missing: int) -> None:
        key = ("clients", number)
        self.origins.set_by[key] = self._of_clients[number][0].name
        self.problems.add(key, f"there is no clients.{missing} before it; the numbers should be 0, 1, 2, ...")

    @property
    def host(self) -> HostSettings | None:
        """The settings of the host; None if something is wrong with them."""
        return self._host

    @property
    def plugins(self) -> dict[str, dict[str, Tree]]:
        """The sections of plugins, as they are written."""
        if self._host is not None:
            return self._host.plugins
        written = self._tree.get("plugins")
        return (
            {key: each for key, each in written.items() if isinstance(each, dict)} if isinstance(written, dict) else {}
        )

    @property
    def plugin_names(self) -> set[str]:
        """The plugins that variables speak of, as far as their names can be told from that."""
        return {each.words[1].lower().replace("_", "-") for each in self._of_plugins}

    def plugin_variables(self, name: str) -> list[Variable]:
        """List the variables of a plugin's section, the words below it alone."""
        word = name.upper().replace("-", "_")
        return [variable.below(2) for variable in self._of_plugins if variable.words[1] == word]

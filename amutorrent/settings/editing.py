"""Takes a document back from a form: what is to be written of it, and all that is wrong with it.

Only what is new is written: a key that stood not in the file and has the value that counted stays out of it, so that
defaults remain defaults, and what variables and flags say remains theirs. Source: data-model 12, http-api 13.
"""

from collections.abc import Mapping
from typing import NamedTuple

from ..client import ClientConfig, ClientSettings
from .document import MASK, Document, at, has_mask, plain
from .keys import Key, Tree, dotted, is_secret, kind_at
from .model import FORMAT, ClientEntry

META = "_meta"
PREVIOUS = "previousId"
COMMON = frozenset(field.alias or name for name, field in ClientEntry.model_fields.items())

_ABSENT = object()
Complaint = tuple[str, str]
"""(field, message)"""


class Posted(NamedTuple):
    """One entry of `clients` as it was sent: number, keys, whose successor it is, and whether it held `MASK`."""

    number: int
    own: dict[str, Tree]
    saved: ClientConfig | None
    masked: bool
    previous: str | None


class Edit:
    """A document, or entries of it, that were sent. `settle` looks at what they amount to."""

    def __init__(self, document: Document, filed: Mapping[str, Tree]) -> None:
        self.complaints: list[Complaint] = []
        self._document = document
        self._effective = document.effective()
        self._filed = filed
        self._posted: list[Posted] = []
        self._sent = dict(self._effective)
        """What was sent, with the saved values in the place of `MASK`."""

    # -- what to write

    def write(self, document: Mapping[str, Tree]) -> dict[str, Tree]:
        """Give the new content of the file. A section that was not sent stays as it is."""
        sent = {key: value for key, value in document.items() if key != META}
        entries = sent.pop("clients", _ABSENT)
        tree: dict[str, Tree] = {"version": FORMAT, **self._filed}
        for key, value in sent.items():
            before = self._effective.get(key, _ABSENT)
            revealed = self._sent[key] = self._revealed(value, before, (key,))
            tree = self._put(tree, key, self._changed(revealed, before, self._filed.get(key)))
        if isinstance(entries, list):
            self._sent["clients"] = []
            tree["clients"] = [self._entry(number, each) for number, each in enumerate(entries)]
        elif entries is not _ABSENT:
            self._complain(("clients",), "it should be a list, [...]")
        for locked, holder in self._document.locked.items():
            tree = self._unlocked(tree, locked, holder)
        if not tree.get("clients") and "clients" not in self._filed:
            tree.pop("clients", None)
        return tree

    def _put(self, tree: dict[str, Tree], key: str, value: Tree) -> dict[str, Tree]:
        if key == "version":
            return tree if value is _ABSENT else {**tree, key: value}
        if value is _ABSENT or (value == {} and key not in self._filed):
            return {name: each for name, each in tree.items() if name != key}
        return {**tree, key: value}

    def reveal(self, number: int, sent: Tree) -> dict[str, Tree]:
        """Give an entry that was sent alone, to be tried: with the saved secrets in the place of `MASK`."""
        self._sent["clients"] = []
        self._entry(number, sent)
        revealed: dict[str, Tree] = self._sent["clients"][0]
        return revealed

    def _entry(self, number: int, sent: Tree) -> Tree:
        """Give one entry of `clients` as it is to be written."""
        if not isinstance(sent, dict):
            self._complain(("clients", number), "it should be an object, {...}")
            self._sent["clients"].append({})
            return {}
        own = {key: value for key, value in sent.items() if key != PREVIOUS}
        masked, saved = has_mask(own), self._saved(number, sent)
        before = self._document.client(saved) if saved else {}
        own = self._revealed(own, before, ("clients", number))
        self._posted.append(Posted(number, own, saved, masked, sent.get(PREVIOUS)))
        self._sent["clients"].append(own)
        if saved is None:
            return own
        filed = at(self._filed, ("clients", saved.order), {})
        written: dict[str, Tree] = self._changed(own, before, filed)
        moved = saved.settings is not None and any(
            own.get(key) != before[key] for key in address_keys(type(saved.settings))
        )
        if moved and isinstance(own.get("id"), str):
            written["id"] = own["id"]  # what is not said would follow the address
        return written

    def _saved(self, number: int, sent: Mapping[str, Tree]) -> ClientConfig | None:
        """Find the client that an entry was: by the id that it had, by its id, or by its place."""
        document = self._document
        previous = sent.get(PREVIOUS)
        if previous is not None:
            found = document.by_id.get(previous) if isinstance(previous, str) else None
            if found is None:
                self._complain(("clients", number, PREVIOUS), "there is no client with this id")
            return found
        if sent.get("id"):
            return document.by_id.get(sent["id"]) if isinstance(sent["id"], str) else None
        found = document.by_order.get(number)
        return found if found and found.type == sent.get("type", found.type) else None

    def _revealed(self, sent: Tree, saved: Tree, key: Key) -> Tree:
        """Put the saved values in the place of `MASK`."""
        if isinstance(sent, dict):
            return {
                name: self._revealed(each, at(saved, (name,), _ABSENT), (*key, name)) for name, each in sent.items()
            }
        if isinstance(sent, list):
            return [self._revealed(each, at(saved, (n,), _ABSENT), (*key, n)) for n, each in enumerate(sent)]
        if sent != MASK:
            return sent
        if saved is _ABSENT or isinstance(saved, (dict, list)):
            self._complain(key, f"{MASK} stands for a saved value, and there is none here: give the value itself")
            return ""
        return saved

    def _changed(self, sent: Tree, before: Tree, filed: Tree) -> Tree:
        """Leave out what stood not in the file and is as it was."""
        if not isinstance(sent, dict):
            return sent if filed is not None or sent != before else _ABSENT
        filed = filed if isinstance(filed, dict) else {}
        before = before if isinstance(before, dict) else {}
        found: dict[str, Tree] = {}
        for key in [*filter(sent.__contains__, filed), *(key for key in sent if key not in filed)]:
            value, was = sent[key], before.get(key, _ABSENT)
            if isinstance(value, dict) and isinstance(was, dict):
                inner = self._changed(value, was, filed.get(key))
                if inner or key in filed:
                    found[key] = inner
            elif key in filed or value != was:
                found[key] = value
        return found

    def _unlocked(self, tree: Tree, key: Key, holder: str) -> Tree:
        """Take out what a variable or a flag says; what the file says beneath it stays."""
        value, counts = at(self._sent, key, _ABSENT), at(self._effective, key, _ABSENT)
        if key[0] == "clients" and at(self._sent, key[:2], _ABSENT) is _ABSENT:
            self._complain(key, f"it is set by {holder}: the entry cannot go")
            return tree
        if value is not _ABSENT and value != counts:
            self._complain(key, f"it is set by {holder}: change it there")
        return _replaced(tree, key, at(self._filed, key, _ABSENT))

    def _complain(self, key: Key, what: str) -> None:
        self.complaints.append((dotted(key), what))

    # -- what it amounts to

    def settle(self, clients: Mapping[int, ClientConfig], *, laid: bool = True) -> list[tuple[str, str]]:
        """Look at the clients that come of it, by their numbers; gives the ids that were and now are.

        `laid`: with what variables say of them. A saved secret goes nowhere new, and no two clients follow the same
        one.
        """
        moved: dict[str, str] = {}
        for posted in self._posted:
            now = clients.get(posted.number)
            if now is None:
                continue
            self._keep_secrets_home(posted, now, laid=laid)
            if posted.previous is not None and posted.saved is not None:
                if posted.previous in moved:
                    self._complain(("clients", posted.number, PREVIOUS), "another client follows this one already")
                moved[posted.previous] = now.id
        kept = {each.saved.id for each in self._posted if each.saved and each.previous is None}
        for old in moved.keys() & kept:
            self._complain(("clients",), f"the client {old} is there still, so none can follow it")
        return [(old, new) for old, new in moved.items() if old != new]

    def _keep_secrets_home(self, posted: Posted, now: ClientConfig, *, laid: bool) -> None:
        """Refuse a new address where a secret was not given anew: whoever is there would get it."""
        place: Key = ("clients", posted.number)
        held = laid and any(key[:2] == place and self._secret(now, key[2:]) for key in self._document.locked)
        sources = [
            posted.saved if posted.masked else None,
            self._document.by_order.get(posted.number) if held else None,
        ]
        changed = {name: saved.id for saved in sources if saved for name in self._elsewhere(saved, now, posted.own)}
        for name, id in changed.items():
            self._complain((*place, name), f"it changed, so give the secrets anew: those of {id} go nowhere else")

    def _elsewhere(self, saved: ClientConfig, now: ClientConfig, own: dict[str, Tree]) -> list[str]:
        """List the keys by which the secrets of a saved client would go elsewhere than before."""
        if saved.type != now.type:
            return ["type"]
        before = self._document.client(saved)
        if saved.settings is None or now.settings is None:  # nobody knows which of them say where it is
            return [key for key in before | own if key not in COMMON and before.get(key) != own.get(key)]
        after = plain(now.settings)
        return [key for key in address_keys(type(now.settings)) if before.get(key) != after[key]]

    def _secret(self, config: ClientConfig, key: Key) -> bool:
        return config.settings is not None and is_secret(kind_at(type(config.settings), key))


def address_keys(model: type[ClientSettings]) -> list[str]:
    """List the keys of a client type that decide where its secrets go."""
    return [
        field.alias or name
        for name, field in model.model_fields.items()
        if name not in model.keep_secrets and not is_secret(field.annotation)
    ]


def _replaced(tree: Tree, key: Key, value: Tree) -> Tree:
    """Give a tree with another value at a path, or without one; a path that is not there stays away."""
    first, rest = key[0], key[1:]
    if isinstance(tree, list):
        if not isinstance(first, int) or first >= len(tree) or not rest:
            return tree
        return [_replaced(each, rest, value) if number == first else each for number, each in enumerate(tree)]
    if not isinstance(tree, dict):
        return tree
    if rest:
        return {**tree, first: _replaced(tree[first], rest, value)} if first in tree else tree
    without = {name: each for name, each in tree.items() if name != first}
    return without if value is _ABSENT else {**tree, first: value}

"""What the programs asked lately, and what each was told: for the question why something is not imported."""

from collections import OrderedDict, deque

from msgspec import Struct, field

MOST_PROGRAMS = 50
MOST_REQUESTS = 50
MOST_CATEGORIES = 100
MOST_TOLD = 50_000
LONGEST = 300


class Asked(Struct, frozen=True):
    """One request: when (seconds since the epoch), what, and what it was answered with."""

    at: float
    request: str
    status: int
    answer: str


class Program(Struct):
    """One program at one address: the categories it asked for (None: all), and its last requests, newest first."""

    agent: str
    address: str
    categories: dict[str | None, None] = field(default_factory=dict)
    requests: deque[Asked] = field(default_factory=lambda: deque(maxlen=MOST_REQUESTS))


class Told(Struct, frozen=True):
    """What the programs were told of an item, and when (seconds since the epoch)."""

    state: str
    progress: float
    save_path: str
    content_path: str
    at: float


class Ring:
    """Programs by user agent and address, the latest last. Nothing of a secret comes in here."""

    def __init__(self) -> None:
        self.programs: OrderedDict[tuple[str, str], Program] = OrderedDict()
        self.told: OrderedDict[str, Told] = OrderedDict()
        """What was said of an item last, by its hash."""

    def note(self, agent: str, address: str, asked: Asked) -> None:
        """Note a request."""
        self._program(agent, address).requests.appendleft(asked)

    def note_category(self, agent: str, address: str, category: str | None) -> None:
        """Note that a program asked for the items of a category; None: for all."""
        categories = self._program(agent, address).categories
        categories[category] = None
        while len(categories) > MOST_CATEGORIES:
            categories.pop(next(iter(categories)))

    def tell(self, hash: str, told: Told) -> None:
        """Note what is said of an item."""
        self.told[hash] = told
        if len(self.told) > MOST_TOLD:
            self.told.popitem(last=False)

    def _program(self, agent: str, address: str) -> Program:
        key = (agent[:LONGEST], address)
        program = self.programs.get(key) or Program(*key)
        self.programs[key] = program
        self.programs.move_to_end(key)
        if len(self.programs) > MOST_PROGRAMS:
            self.programs.popitem(last=False)
        return program

"""Answers of an amuled 2.3.3, as they came from its socket."""

from pathlib import Path

from amutorrent_amule.codec import HEADER, decode, inflate, read_header

DATA = Path(__file__).parents[2] / "plugins" / "amule" / "tests" / "data"
NAMES = sorted(path.name.removesuffix("-amuled-2.3.3.bin") for path in DATA.glob("*.bin"))


def captured(name):
    """Give the bytes of an answer."""
    return (DATA / f"{name}-amuled-2.3.3.bin").read_bytes()


def packet(name):
    """Give an answer decoded."""
    return decode(captured(name))


def frame(name):
    """Give an answer with its header read and zlib undone."""
    data = captured(name)
    return inflate(read_header(data[:HEADER])[0], data[HEADER:])

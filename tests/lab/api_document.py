"""The API document that this program is written to, and the examples in it. Source: tests/data/api-document.txt."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TEXT = Path(__file__).parents[1] / "data" / "api-document.txt"
LOGIN = re.compile(r"-d '(\{.*?\})'")
ACTION = re.compile(r'\{ "action": .* \}')
MESSAGE = re.compile(r'\{ "type": "([a-z-]+)"')
ELLIPSES = ((re.compile(r"\[\.\.\.\]"), "[]"), (re.compile(r"\{ \.\.\. \}"), "{}"), (re.compile(r"0x[0-9A-F]+"), "1"))


@dataclass
class Example:
    """What one entry of the document says: the body to send, if there is one, and the answers."""

    says: str
    request: Any = None
    responses: list[Any] = field(default_factory=list)


def examples() -> list[Example]:
    """Read the entries that show JSON, in the order of the document, by the sentence that each begins with."""
    found: list[Example] = []
    intro = ""
    lines = TEXT.read_text().split("\n")
    for number, line in enumerate(lines):
        if line == "Request Body:":
            found.append(Example(intro, request=block(lines, number + 1)))
        elif line.startswith("Response") and line.endswith(":"):
            if not found or found[-1].says != intro:
                found.append(Example(intro))
            found[-1].responses.append(block(lines, number + 1))
        elif is_sentence(line, lines[number - 1]):
            intro = line
    return found


def is_sentence(line: str, before: str) -> bool:
    """Say whether a line begins an entry: the first of a paragraph that is prose, and not a note below an example."""
    prose = re.match(r"[A-Z].*\.($| )", line) and not line.startswith(
        ("Capabilities:", "Same ", "When using", "aMule\N{RIGHT SINGLE QUOTATION MARK}s")
    )
    return before == "" and bool(prose)


def block(lines: list[str], start: int) -> Any:
    """Read the JSON that begins after a line."""
    text, depth = "", 0
    for line in lines[start:]:
        text += line
        depth += sum(line.count(each) for each in "{[") - sum(line.count(each) for each in "}]")
        if text.strip() and depth == 0:
            break
    return parsed(text)


def parsed(text: str) -> Any:
    """Read JSON in which something may be left out."""
    for pattern, instead in ELLIPSES:
        text = pattern.sub(instead, text)
    return json.loads(text)


def login() -> Any:
    """Give the body of the request that signs in."""
    found = LOGIN.search(TEXT.read_text())
    assert found
    return json.loads(found[1])


def actions() -> list[Any]:
    """Read the requests of the WebSocket."""
    return [parsed(each) for each in ACTION.findall(TEXT.read_text())]


def messages() -> set[str]:
    """Read the types of the messages of the WebSocket."""
    return set(MESSAGE.findall(TEXT.read_text().rpartition("All messages are JSON objects with a type field.")[2]))


def unlike(documented: Any, answered: Any, path: str = "") -> Iterator[str]:
    """Name what an answer lacks of the documented one, or has of another kind."""
    if isinstance(documented, dict):
        if not isinstance(answered, dict):
            yield f"{path} is {answered!r}, no object"
            return
        for key, value in documented.items():
            if key not in answered:
                yield f"{path}.{key} is missing"
            else:
                yield from unlike(value, answered[key], f"{path}.{key}")
    elif isinstance(documented, list):
        if not isinstance(answered, list):
            yield f"{path} is {answered!r}, no list"
        elif documented and not answered:
            yield f"{path} is empty"
        elif documented:
            yield from unlike(documented[0], answered[0], f"{path}[0]")
    elif path.endswith((".type", ".success", ".message", ".reason")):
        if masked(documented) != masked(answered):
            yield f"{path} is {answered!r}, not {documented!r}"
    elif kind(documented) != kind(answered) and documented is not None:
        yield f"{path} is {answered!r}, another kind than {documented!r}"


def masked(value: object) -> object:
    """Leave the numbers of a message out."""
    return re.sub(r"\d+", "#", value) if isinstance(value, str) else value


def kind(value: object) -> str:
    """Name the kind of a JSON scalar."""
    if isinstance(value, bool):
        return "bool"
    return "number" if isinstance(value, int | float) else type(value).__name__

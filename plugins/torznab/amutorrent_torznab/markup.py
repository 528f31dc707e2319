"""XML as the apps read it: nothing in it that XML forbids, and errors in the Torznab form. Source: arr-contract 6.5."""

import re
from xml.etree.ElementTree import Element, SubElement, tostring

_PLANES = "".join(f"{chr(plane << 16)}-{chr(plane << 16 | 0xFFFD)}" for plane in range(1, 17))
_FORBIDDEN = re.compile(f"[^\x20-\x7e\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd{_PLANES}]+")
"""What XML 1.0 does not allow, or advises against."""


def clean(text: str) -> str:
    """Put a blank for every run of characters that XML forbids or discourages, and take off blanks at the ends."""
    return _FORBIDDEN.sub(" ", text).strip()


def add(parent: Element, tag: str, text: str | None = None, /, **attributes: object) -> Element:
    """Add an element; gives it."""
    element = SubElement(parent, tag, {key: clean(str(value)) for key, value in attributes.items()})
    if text is not None:
        element.text = clean(text)
    return element


def document(root: Element) -> bytes:
    """Write a document, without a byte order mark."""
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode").encode()


def error_document(number: int, description: str) -> bytes:
    """Write an error; the apps want both attributes."""
    return document(Element("error", {"code": str(number), "description": clean(description)}))

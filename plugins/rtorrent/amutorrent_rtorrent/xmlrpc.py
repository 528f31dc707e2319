"""XML-RPC: bytes only. Source: rtorrent 3 and 7, stack-notes 12."""

import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from xml.sax.saxutils import escape

from lxml import etree

from amutorrent import InvalidRequest, ProtocolError

from .calls import Answer, Call, Fault, Param, Value

_LIST = rb"<value>\s*<array>\s*<data>\s*"
TABLE_BEGINS = re.compile(rb"<param>\s*(?:" + _LIST * 3 + rb")")
"""A table is the first of several answers: the list of them, the list that holds one of them, and the table itself."""
ROW_BEGINS = re.compile(_LIST + rb"(?=<value>\s*<(?:i8|i4|int|string)\b)")
ROW_ENDS = re.compile(rb"</data>\s*</array>\s*</value>\s*")

FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MENDED = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535), "?")
PARSER = etree.XMLParser(
    huge_tree=True,
    resolve_entities=False,
    no_network=True,
    remove_blank_text=True,
    remove_comments=True,
    remove_pis=True,
)
NOISE = (etree.XMLSyntaxError, ValueError, IndexError, TypeError, KeyError, RecursionError)
_INTEGERS = frozenset({"i8", "i4", "int", "boolean", "ex:i8"})


class XmlRpc:
    """The encoding that every version has."""

    content_type = "text/xml"

    def encode(self, calls: Sequence[Call]) -> bytes:
        """Write one call, or several as one `system.multicall`."""
        if len(calls) == 1:
            return _document(calls[0].method, "".join(f"<param>{_value(param)}</param>" for param in calls[0].params))
        listed = "".join(map(_entry, calls))
        return _document("system.multicall", f"<param><value><array><data>{listed}</data></array></value></param>")

    def decode(self, body: bytes, calls: Sequence[Call]) -> list[Answer]:
        """Read the answers. One that is cut off or garbled is an error: no shorter list is ever taken for the whole."""
        try:
            rows, rest = _cut(body) if len(calls) > 1 and calls[0].table else ([], body)
            answers = _answers(_parse(rest), calls)
        except NOISE as error:
            raise ProtocolError(f"This is no answer of an rTorrent ({error})", data=body[:16]) from error
        if rows and isinstance(answers[0], list):
            answers[0] = rows + answers[0]
        return answers

    def row(self, row: bytes) -> list[Value]:
        """Read one row of a table."""
        try:
            values = _read(_parse(row))
        except NOISE as error:
            raise ProtocolError(f"This is no row of an rTorrent's list ({error})", data=row[:16]) from error
        return values if isinstance(values, list) else []


def _cut(body: bytes) -> tuple[list[bytes], bytes]:
    """Cut the rows of the table out of an answer, and give the answer without them.

    The rows hold nearly all of it, and most are the same again: those need not be read. Every tag that stands in an
    answer is one, since in texts `<` is escaped; rows hold no lists, so each ends where the first list does.
    """
    table = TABLE_BEGINS.search(body)
    first = at = table.end() if table else len(body)
    rows = []
    while (begin := ROW_BEGINS.match(body, at)) and (end := ROW_ENDS.search(body, begin.end())):
        rows.append(body[at : end.end()])
        at = end.end()
    return rows, body[:first] + body[at:]


def _answers(root: etree._Element, calls: Sequence[Call]) -> list[Answer]:
    if (fault := root.find("fault/value")) is not None:
        raise _fault(_read(fault))
    (value,) = root.findall("params/param/value")
    if len(calls) == 1:
        return [_answer(value, calls[0])]
    entries = _entries(value)
    if len(entries) != len(calls):
        raise ValueError(f"{len(entries)} answers to {len(calls)} calls")
    return [_one_of_many(entry, each) for entry, each in zip(entries, calls, strict=True)]


def _one_of_many(entry: etree._Element, call: Call) -> Answer:
    if entry[0].tag == "struct":
        return _fault(_read(entry))
    (value,) = _entries(entry)
    return _answer(value, call)


def _answer(value: etree._Element, call: Call) -> Answer:
    return [etree.tostring(row, with_tail=False) for row in _entries(value)] if call.table else _read(value)


def _parse(body: bytes) -> etree._Element:
    try:
        return etree.fromstring(body, PARSER)
    except etree.XMLSyntaxError:
        # names hold control bytes and what is no UTF-8; both come as they are
        mended = body.decode("utf-8", "replace").translate(_MENDED)
        return etree.fromstring(mended.encode(), PARSER)


def _entries(value: etree._Element) -> etree._Element:
    (array,) = value
    if array.tag != "array":
        raise ValueError(f"{array.tag} where a list is expected")
    return array[0]


def _read(value: etree._Element) -> Value:
    if not len(value):
        return value.text or ""
    typed = value[0]
    tag, text = typed.tag, typed.text
    if tag in _INTEGERS:
        return int(text or "")
    if tag == "string":
        return text or ""
    if tag == "array":
        return [_read(each) for each in typed[0]]
    if tag == "struct":
        return {member[0].text or "": _read(member[1]) for member in typed}
    if tag == "base64":
        return b64decode(text or "").decode("utf-8", "replace")
    raise ValueError(f"a value of the type {tag}")


def _fault(struct: Value) -> Fault:
    return Fault(int(struct["faultCode"]), str(struct["faultString"]))


def _document(method: str, params: str) -> bytes:
    text = f"<methodCall><methodName>{escape(method)}</methodName><params>{params}</params></methodCall>"
    return f'<?xml version="1.0" encoding="UTF-8"?>{text}'.encode()


def _entry(call: Call) -> str:
    params = "".join(map(_value, call.params))
    return (
        "<value><struct>"
        f"<member><name>methodName</name><value><string>{escape(call.method)}</string></value></member>"
        f"<member><name>params</name><value><array><data>{params}</data></array></value></member>"
        "</struct></value>"
    )


def _value(param: Param) -> str:
    if isinstance(param, bytes):
        return f"<value><base64>{b64encode(param).decode()}</base64></value>"
    if isinstance(param, int):
        return f"<value><i8>{param}</i8></value>"
    if FORBIDDEN.search(param):
        raise InvalidRequest("A text for rTorrent has characters that cannot travel (control characters, or no UTF-8)")
    text = escape(param, {"\r": "&#13;"})
    return f"<value><string>{text}</string></value>"

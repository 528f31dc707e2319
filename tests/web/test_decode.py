"""From bytes to structs: any input gives a value or an error that says where."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from amutorrent import InvalidRequest
from amutorrent.web.decode import from_json, from_mapping, from_query, list_fields, mapping_from_json


class Inner(Struct, frozen=True):
    number: int


class Kind(Struct, frozen=True, rename="camel"):
    """A field of every kind."""

    text_here: str = ""
    number: int = 0
    flag: bool = False
    share: float = 0
    maybe: int | None = None
    inners: list[Inner] = []
    pair: tuple[int, ...] | None = None
    by_name: dict[str, int] = {}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(sorted(Kind.__struct_encode_fields__)), inner)
    ),
    max_leaves=10,
)


def code_of(decode):
    try:
        assert isinstance(decode(), Kind)
    except InvalidRequest as error:
        return error.code
    return None


@given(st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_give_a_struct_or_an_error(data):
    for decode in (lambda: from_json(data, Kind), lambda: from_mapping(mapping_from_json(data), Kind, text=False)):
        assert code_of(decode) in (None, "invalid_json", "validation_error")


@given(st.binary() | st.text(alphabet="%=&+ab0ntx").map(str.encode))
def test_any_query_gives_values_or_an_error(query):
    code = code_of(lambda: from_mapping(from_query(query, Kind), Kind, text=True))
    assert code in (None, "bad_request", "validation_error")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"textHere": 1}, "textHere"),
        ({"number": "1"}, "number"),
        ({"inners": [{"number": 1}, {"number": "x"}]}, "inners[1].number"),
        ({"inners": [{}]}, "inners[0].number"),
        ({"byName": {"a": "x"}}, "byName[...]"),
        ({"pair": {}}, "pair"),
    ],
)
def test_an_error_names_the_field_on_the_wire(values, field):
    with pytest.raises(InvalidRequest) as caught:
        from_json(json.dumps(values), Kind)
    assert caught.value.code == "validation_error"
    assert caught.value.details == {"field": field}


@pytest.mark.parametrize("data", [b"[" * 100_000, b'{"a":' * 100_000, b'{"x":' + b"[" * 100_000])
def test_what_nests_too_deep_is_no_json(data):
    for decode in (lambda: from_json(data, Kind), lambda: mapping_from_json(data)):
        with pytest.raises(InvalidRequest) as caught:
            decode()
        assert caught.value.code == "invalid_json"


def test_a_text_is_read_as_what_the_field_wants():
    read = from_query(b"textHere=1&number=2&flag=true&share=0.5&maybe=null&pair=1&pair=2", Kind)
    assert from_mapping(read, Kind, text=True) == Kind(
        text_here="1", number=2, flag=True, share=0.5, maybe=None, pair=(1, 2)
    )


def test_lists_are_known_by_their_type():
    assert list_fields(Kind) == {"inners", "pair"}

"""JSON documents of any size, read as far as they can be read."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from selfcheck.exports import Documents
from selfcheck.model import Reason

Build = Callable[..., Documents]


def test_truncated_list_yields_what_came_before_the_break(build: Build) -> None:
    data = json.dumps([{"n": 1}, {"n": 2}, {"n": 3}]).encode()
    docs = build({"a.json": data[:-4]})
    assert list(docs.items(docs.members[0])) == [{"n": 1}, {"n": 2}]
    assert [t.reason for t in docs.troubles] == [Reason.TRUNCATED]


def test_truncated_list_under_a_key_is_still_known_by_its_name(build: Build) -> None:
    docs = build({"a.json": b'{"title": "t", "messages": [{"n": 1}, {"n"'})
    member = docs.members[0]
    shape = docs.shape(member)
    assert (shape.values, shape.lists) == ({"title": "t"}, ("messages",))
    assert list(docs.items(member, "messages")) == [{"n": 1}]


@pytest.mark.parametrize(
    "data",
    [b"", b"   ", b"null", b"7", b'"text"', b"{", b"[", b"\x00\xff", b"{]", b"[" * 100_000],
)
def test_what_is_no_list_and_no_object_gives_nothing_and_does_not_raise(
    build: Build, data: bytes
) -> None:
    docs = build({"a.json": data})
    member = docs.members[0]
    assert docs.shape(member).values == {}
    assert list(docs.items(member)) == []
    assert list(docs.items(member, "key")) == []
    assert not isinstance(docs.value(member), dict)


HOSTILE = {
    "nested": b"[" * 100 + b"1" + b"]" * 100,
    "one element of millions": b"[[" + b"0," * 500_000 + b"0]]",
    "keys without end": b"{" + b",".join(b'"%d":1' % n for n in range(10_001)) + b"}",
    "text without end": b'{"a":"' + b"x" * (17 << 20) + b'"}',
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_document_built_to_eat_memory_is_given_up_and_named(build: Build, data: bytes) -> None:
    docs = build({"a.json": data})
    member = docs.members[0]
    docs.shape(member)
    assert list(docs.items(member)) == []
    assert [t.reason for t in docs.troubles] == [Reason.HOSTILE]


def test_document_too_large_to_be_read_whole_is_named(build: Build) -> None:
    docs = build({"a.json": b" " * (33 << 20)})
    assert docs.value(docs.members[0]) is None
    assert [t.reason for t in docs.troubles] == [Reason.TOO_LARGE]


def test_raw_line_break_inside_a_text_does_not_lose_the_rest(build: Build) -> None:
    docs = build({"a.json": b'[{"t": "one"}, {"t": "two\nlines"}, {"t": "three"}]'})
    texts = [dict(item)["t"] for item in docs.items(docs.members[0]) if isinstance(item, dict)]
    assert texts == ["one", "two\nlines", "three"]
    assert docs.troubles == ()


def test_broken_utf8_is_replaced_and_the_document_kept(build: Build) -> None:
    docs = build({"a.json": b'{"title": "caf\xe9", "list": [1, 2]}'})
    member = docs.members[0]
    assert docs.shape(member).values == {"title": "caf�"}
    assert list(docs.items(member, "list")) == [1, 2]


def test_byte_order_mark_is_no_trouble(build: Build) -> None:
    docs = build({"a.json": b'\xef\xbb\xbf{"title": "t"}'})
    assert docs.shape(docs.members[0]).values == {"title": "t"}
    assert docs.value(docs.members[0]) == {"title": "t"}


def test_shape_keeps_plain_values_and_names_the_lists_without_their_items(build: Build) -> None:
    docs = build(
        {"a.json": {"name": "n", "photos": [1], "cover": {"uri": "u", "of": [1]}, "x": []}}
    )
    shape = docs.shape(docs.members[0])
    assert shape.values == {"name": "n", "cover": {"uri": "u", "of": [1]}}
    assert shape.lists == ("photos", "x")
    assert not shape.is_list


def test_odd_keys_are_told_apart(build: Build) -> None:
    docs = build({"a.json": {"": [1], "a": {"b": [9]}, "a.b": [2], "a.b.item": [3]}})
    member = docs.members[0]
    assert docs.shape(member).lists == ("", "a.b", "a.b.item")
    assert list(docs.items(member, "a.b.item")) == [3]
    assert docs.shape(member).values == {"a": {"b": [9]}}


def test_document_that_nests_too_deep_is_named_as_trouble(build: Build) -> None:
    docs = build({"a.json": b"[" * 100_000 + b"]" * 100_000})
    assert docs.value(docs.members[0]) is None
    assert [t.item for t in docs.troubles] == ["a.json"]


SCRIPTS = {
    "one line": b'window.YTD.a.part0 = [{"n": 1}, {"n": "="}]',
    "name on a line of its own": b'window.YTD.a.part0 = [\n  {"n": 1},\n {"n": "="} ]\n',
    "semicolon at the end": b'\xef\xbb\xbfvar a = [{"n": 1}, {"n": "="}] ;\n',
    "no name": b'[{"n": 1}, {"n": "="}]',
}


@pytest.mark.parametrize("data", SCRIPTS.values(), ids=SCRIPTS.keys())
def test_script_is_read_as_the_json_it_assigns_to_a_name(build: Build, data: bytes) -> None:
    docs = build({"data/A.js": data})
    member = docs.members[0]
    assert list(docs.items(member)) == docs.value(member) == [{"n": 1}, {"n": "="}]
    assert docs.shape(member).is_list
    assert docs.troubles == ()


def test_object_that_a_script_assigns_is_read(build: Build) -> None:
    docs = build({"manifest.js": b'window.__CONFIG = {"a": {"b": 1}, "c": [1]}'})
    assert docs.value(docs.members[0]) == {"a": {"b": 1}, "c": [1]}
    assert docs.shape(docs.members[0]).lists == ("c",)


@pytest.mark.parametrize("data", [b"", b"window.a", b"window.a =", b"x" * 1000 + b"= [1]"])
def test_script_that_assigns_no_json_gives_nothing(build: Build, data: bytes) -> None:
    docs = build({"a.js": data})
    assert list(docs.items(docs.members[0])) == []
    assert docs.value(docs.members[0]) is None


INNER: list[object] = [
    {"chat": {"id": 7, "of": [{"name": "Ana"}], "messages": [1, {"messages": [9]}], "after": 2}},
    {"chat": {"messages": []}},
    {"chat": {"id": 8, "messages": [[2]]}},
]
FOUND = [({"id": 7}, 1), ({"id": 7}, {"messages": [9]}), ({"id": 8}, [2])]


def test_lists_below_are_streamed_with_the_plain_values_before_them(build: Build) -> None:
    docs = build({"a.json": INNER, "b.json": {"kind": "x", "chats": {"list": INNER}}})
    assert list(docs.within(docs.members[0], "messages")) == FOUND
    assert list(docs.within(docs.members[1], "messages")) == [
        ({"kind": "x", **told}, item) for told, item in FOUND
    ]


def test_lists_below_are_read_past_a_raw_line_break_and_up_to_a_cut(build: Build) -> None:
    data = json.dumps(INNER).encode()
    broken = data.replace(b"Ana", b"A\nna")
    docs = build({"a.json": broken, "b.json": data[:-8]})
    assert list(docs.within(docs.members[0], "messages")) == FOUND
    assert list(docs.within(docs.members[1], "messages")) == FOUND[:2]
    assert [(t.item, t.reason) for t in docs.troubles] == [("b.json", Reason.TRUNCATED)]


def test_keys_without_end_around_lists_below_are_given_up(build: Build) -> None:
    docs = build({"a.json": HOSTILE["keys without end"]})
    assert list(docs.within(docs.members[0], "messages")) == []
    assert [t.reason for t in docs.troubles] == [Reason.HOSTILE]


CHATS: object = {
    "n": 1,
    "chats": [
        {"id": {"about": 5}, "about": {"about": {"name": "Ana"}}, "said": [1, {"said": [2]}]},
        {"deeper": {"about": None, "said": []}},
        {"deeper": {"about": 3, "said": 4}},
    ],
}
SAID = [
    ("about", 5),
    ("about", {"about": {"name": "Ana"}}),
    ("said", 1),
    ("said", {"said": [2]}),
    ("about", None),
    ("about", 3),
    ("said", 4),
]


def test_values_under_keys_are_streamed_in_order(build: Build) -> None:
    docs = build({"a.json": CHATS, "b.json": [CHATS], "c.json": []})
    assert list(docs.under(docs.members[0], "about", "said")) == SAID
    assert list(docs.under(docs.members[1], "about", "said")) == SAID
    assert list(docs.under(docs.members[2], "about", "said")) == []


def test_values_under_keys_are_read_past_a_raw_line_break_and_up_to_a_cut(build: Build) -> None:
    data = json.dumps(CHATS).encode()
    docs = build({"a.json": data.replace(b"Ana", b"A\nna"), "b.json": data[:-12]})
    broken = [
        found if found != SAID[1] else (found[0], {"about": {"name": "A\nna"}}) for found in SAID
    ]
    assert list(docs.under(docs.members[0], "about", "said")) == broken
    assert list(docs.under(docs.members[1], "about", "said")) == SAID[:-1]
    assert [(t.item, t.reason) for t in docs.troubles] == [("b.json", Reason.TRUNCATED)]


@pytest.mark.parametrize("padding", range(20))
def test_hexadecimal_escapes_are_read_wherever_a_read_ends(
    build: Build, padding: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    filler = b"x" * (65536 - 30 + padding)
    data = b'[{"a": "' + filler + rb'\x0C\\x41\"\\\x0a\u0041"}, {"a": "\x"}]'
    docs = build({"a.json": data})
    first = next(iter(docs.items(docs.members[0])))
    assert first == {"a": filler.decode() + '\x0c\\x41"\\\nA'}


NESTED = {"a": {"b": [1, {"c": [2]}], "d": None}, "e": "f", "g": [], "h": [[3]]}
ENTRIES = [
    (("a", "b"), 1),
    (("a", "b"), {"c": [2]}),
    (("a", "d"), None),
    (("e",), "f"),
    (("h",), [3]),
]


def test_entries_come_with_the_keys_above_them(build: Build) -> None:
    docs = build({"a.json": NESTED, "b.json": [1, {"a": 2}]})
    assert list(docs.entries(docs.members[0])) == ENTRIES
    assert list(docs.entries(docs.members[1])) == [((), 1), ((), {"a": 2})]


def test_entries_are_read_past_a_raw_line_break_and_up_to_a_cut(build: Build) -> None:
    data = json.dumps(NESTED).encode()
    docs = build({"a.json": data.replace(b'"f"', b'"\nf"'), "b.json": data[:-20], "c.json": b"\0"})
    assert list(docs.entries(docs.members[0])) == [
        (keys, "\nf" if value == "f" else value) for keys, value in ENTRIES
    ]
    assert list(docs.entries(docs.members[1])) == ENTRIES[:4]
    assert list(docs.entries(docs.members[2])) == []
    assert [t.item for t in docs.troubles] == ["b.json", "c.json"]


def test_plain_values_are_bounded_together(build: Build) -> None:
    value = "[" + ",".join("0" * 60_000) + "]"
    data = ",".join(f'"{key}":{{"a":{value}}}' for key in range(12)).encode()
    docs = build({"a.json": b"{" + data + b"}", "b.json": b'{"a":' + value.encode() + b"}"})
    assert len(docs.shape(docs.members[0]).values) == 8
    assert [t.reason for t in docs.troubles] == [Reason.HOSTILE]
    assert docs.shape(docs.members[1]).lists == ("a",)

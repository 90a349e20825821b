"""What holds for every export: its fixtures say what it reads, and bad input never raises."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator

import pytest
from export_fixtures import (
    BY_NAME,
    CASES,
    DOCUMENTS,
    Json,
    Parts,
    expected_of,
    ordered,
    outcome,
    parts_of,
    renamed,
    under,
)

from selfcheck.exports import EXPORTS, Documents, Export, recognise
from selfcheck.model import Address, Context, Missing, Picture, Rule

Build = Callable[..., Documents]


@pytest.mark.parametrize("case", CASES, ids="/".join)
def test_fixture_is_claimed_by_its_export_alone(build: Build, case: tuple[str, str]) -> None:
    docs = build(*parts_of(case))
    claiming = [e.name for e in EXPORTS if e.claims(docs) and e.name != "folder"]
    assert claiming == [case[0]] * (case[0] != "folder")
    assert recognise(docs).name == case[0]


@pytest.mark.parametrize("case", CASES, ids="/".join)
def test_fixture_gives_what_is_expected_of_it(build: Build, case: tuple[str, str]) -> None:
    result = outcome(BY_NAME[case[0]], build(*parts_of(case)))
    assert json.loads(json.dumps(result)) == expected_of(case)


@pytest.mark.parametrize("case", CASES, ids="/".join)
def test_export_one_folder_deeper_gives_the_same(build: Build, case: tuple[str, str]) -> None:
    docs = build(*under("unpacked/", parts_of(case)))
    assert recognise(docs).name == case[0]
    result = outcome(recognise(docs), docs, "unpacked/")
    assert json.loads(json.dumps(result)) == expected_of(case)


@pytest.mark.parametrize("root", ["X/", ""], ids=["renamed", "none"])
@pytest.mark.parametrize("case", CASES, ids="/".join)
def test_export_under_another_root_gives_the_same(
    build: Build, case: tuple[str, str], root: str
) -> None:
    docs = build(*renamed(parts_of(case), root))
    original = next(iter(parts_of(case)[0])).partition("/")[0]
    assert recognise(docs).name == case[0], f"claims says no to {[m.path for m in docs.members]}"
    result = json.dumps(ordered(outcome(recognise(docs), docs, root)), sort_keys=True)
    rooted = json.dumps(expected_of(case)).replace(f'"{original}/', '"')
    assert result == json.dumps(ordered(json.loads(rooted)), sort_keys=True)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("case", CASES, ids="/".join)
def test_export_split_anywhere_gives_the_same(
    build: Build, case: tuple[str, str], seed: int
) -> None:
    draw = random.Random(seed)
    halves: Parts = [{}, {}]
    for part in parts_of(case):
        for path, value in part.items():
            halves[draw.randrange(2)][path] = value
    docs = build(*halves)
    assert recognise(docs).name == case[0]
    found = json.loads(json.dumps(outcome(recognise(docs), docs)))
    assert ordered(found) == ordered(expected_of(case))


@pytest.mark.parametrize("case", CASES, ids="/".join)
def test_parts_unpacked_under_different_roots_lose_no_picture(
    build: Build, case: tuple[str, str]
) -> None:
    halves: Parts = [{}, {}]
    for part in parts_of(case):
        for path, value in part.items():
            side = int(path.endswith(".json"))
            halves[side][f"{('one', 'two')[side]}/{path.partition('/')[2]}"] = value
    found = outcome(recognise(docs := build(*halves)), docs)
    wanted = [p["picture"].partition("/")[2] for p in expected_of(case)["pictures"]]
    assert sorted(p["picture"].partition("/")[2] for p in found["pictures"]) == sorted(wanted)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("case", CASES, ids="/".join)
def test_values_of_the_wrong_type_never_raise(
    build: Build, case: tuple[str, str], seed: int
) -> None:
    draw = random.Random(seed)
    parts = [{p: spoilt(v, draw) for p, v in part.items()} for part in parts_of(case)]
    read_through(build(*parts))


@pytest.mark.parametrize("case", CASES, ids="/".join)
def test_each_value_in_turn_absent_or_of_the_wrong_type_never_raises(
    build: Build, case: tuple[str, str]
) -> None:
    export, parts = BY_NAME[case[0]], parts_of(case)
    for part in parts:
        for path, value in list(part.items()):
            for number, place in enumerate(places(value)):
                part[path] = put(value, place, [ABSENT, *JUNK][number % (len(JUNK) + 1)])
                docs = build(*parts)
                export.claims(docs)
                assert all(found is not None for found in export.read(docs))
            part[path] = value


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("case", CASES, ids="/".join)
def test_documents_that_break_off_never_raise(
    build: Build, case: tuple[str, str], seed: int
) -> None:
    draw = random.Random(seed)
    parts = [{p: broken(v, draw) for p, v in part.items()} for part in parts_of(case)]
    read_through(build(*parts))


@pytest.mark.parametrize("case", CASES, ids="/".join)
def test_documents_that_cannot_be_opened_never_raise(build: Build, case: tuple[str, str]) -> None:
    parts = [
        {p: OSError("gone") if p.endswith(DOCUMENTS) else v for p, v in part.items()}
        for part in parts_of(case)
    ]
    read_through(build(*parts))


@pytest.mark.parametrize("export", EXPORTS, ids=lambda e: e.name)
def test_empty_tree_is_read_as_nothing(build: Build, export: Export) -> None:
    assert list(export.read(build())) == []
    assert export.claims(build()) == (export.name == "folder")


@pytest.mark.parametrize("export", EXPORTS, ids=lambda e: e.name)
@pytest.mark.parametrize(
    "path", ["", "/", "a", "../../a.jpg", "\x00", "\u202egpj.exe", "a/" * 3000]
)
def test_odd_paths_have_a_context(export: Export, path: str) -> None:
    assert export.unlisted(path).platform == export.title
    assert export.ignores(path) in {None, *Rule}


@pytest.mark.parametrize("export", EXPORTS, ids=lambda e: e.name)
def test_export_tells_how_to_get_it_and_what_is_read(export: Export) -> None:
    assert export.title
    assert export.how.endswith(".")
    assert export.reads.endswith((".", ")."))
    assert any(case[0] == export.name for case in CASES)


def test_names_of_exports_are_distinct_and_the_fallback_is_last() -> None:
    assert len(BY_NAME) == len(EXPORTS)
    assert EXPORTS[-1].name == "folder"


def read_through(docs: Documents) -> None:
    members = set(docs.members)
    for export in EXPORTS:
        export.claims(docs)
        for found in export.read(docs):
            match found:
                case Picture(member=member, context=context):
                    assert member in members
                    check_types(context, export)
                case Missing():
                    assert found.path
                case Address(context=context):
                    assert found.address.startswith(("http://", "https://"))
                    check_types(context, export)
    assert recognise(docs) in EXPORTS


def check_types(context: Context, export: Export) -> None:
    assert context.platform == export.title
    for text in (context.caption, context.album, context.author_name, context.permalink):
        assert text is None or text.strip()
    assert context.time is None or context.time.when.year > 1800
    assert context.permalink or not context.permalink_derived


JUNK: tuple[Json, ...] = (None, True, -1, 1e308, "", "\ud800", "\x00", [], {}, [[]], {"uri": 7})


ABSENT = object()


def places(value: Json, above: tuple[Json, ...] = ()) -> Iterator[tuple[Json, ...]]:
    """Give where the values of a document stand: the keys and positions that lead to each."""
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value if isinstance(value, list) else [])
    )
    for key, one in inner:
        if key != "$script":
            yield (*above, key)
        yield from places(one, (*above, key))


def put(value: Json, place: tuple[Json, ...], new: Json) -> Json:
    """Give a document with another value in one place, or with none."""
    key, *rest = place
    copy = dict(value) if isinstance(value, dict) else list(value)
    if rest:
        copy[key] = put(value[key], tuple(rest), new)
    elif new is ABSENT:
        del copy[key]
    else:
        copy[key] = new
    return copy


def spoilt(value: Json, draw: random.Random) -> Json:
    """Put values of other types into some places of a document."""
    if draw.random() < 0.08:
        return draw.choice(JUNK)
    if isinstance(value, dict):
        return {k: spoilt(v, draw) for k, v in value.items()}
    if isinstance(value, list):
        return [spoilt(v, draw) for v in value]
    return value


def broken(value: Json, draw: random.Random) -> Json:
    """Cut a document anywhere, and change some of its bytes every other time."""
    match value:
        case None:
            return None
        case bytes():
            data = bytearray(value)
        case {"$script": str(prefix), "json": inner}:
            data = bytearray(f"{prefix}{json.dumps(inner)}".encode())
        case _:
            data = bytearray(json.dumps(value).encode())
    if draw.random() < 0.5:
        for _ in range(len(data) // 200 + 1):
            if data:
                data[draw.randrange(len(data))] = draw.choice(b'<>"{}[]!&\\\0\xff,;\n')
    return bytes(data[: draw.randrange(len(data) + 1)])

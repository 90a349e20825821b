"""The JSON report against its schema, and what may and may not differ between two of them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from reports.conftest import ASKED

from selfcheck.model import (
    Audience,
    Author,
    Band,
    Leak,
    PictureKind,
    Precision,
    Reason,
    Report,
    Rule,
)
from selfcheck.reports.json_report import SCHEMA, render_json

DOCS = Path(__file__).parents[2] / "docs"
Json: TypeAlias = Any  # what json.loads gives
TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "object": dict,
    "array": list,
    "null": type(None),
}


@pytest.fixture(scope="module")
def schema() -> Json:
    return json.loads((DOCS / "report.schema.json").read_text(encoding="utf-8"))


def breaches(value: Json, rule: Json, whole: Json, at: str = "") -> list[str]:
    """Check the part of JSON Schema that our schema uses; unknown fields are breaches here."""
    if "$ref" in rule:
        rule = whole["$defs"][rule["$ref"].rsplit("/", 1)[-1]]
    wrong = [f"{at}: {value!r} against {rule}"] if not fits(value, rule) else []
    if isinstance(value, dict):
        wrong += [f"{at}: no {name}" for name in rule["required"] if name not in value]
        wrong += [f"{at}: {name} is unknown" for name in value if name not in rule["properties"]]
        for name in value.keys() & rule["properties"].keys():
            wrong += breaches(value[name], rule["properties"][name], whole, f"{at}.{name}")
    if isinstance(value, list):
        for n, each in enumerate(value):
            wrong += breaches(each, rule["items"], whole, f"{at}[{n}]")
    return wrong


def fits(value: Json, rule: Json) -> bool:
    kinds = rule.get("type", [*TYPES])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    is_bool = isinstance(value, bool)
    return (
        any(isinstance(value, TYPES[kind]) and is_bool == (kind == "boolean") for kind in kinds)
        and value == rule.get("const", value)
        and value in rule.get("enum", [value])
        and (value is None or "minimum" not in rule or value >= rule["minimum"])
        and bool("pattern" not in rule or re.search(rule["pattern"], value))
    )


@pytest.mark.parametrize(
    "name", ["hostile", "only_pending", "nothing_found", "full", "resized", "filmed", "visited"]
)
def test_every_report_keeps_to_the_schema(
    name: str, schema: Json, request: pytest.FixtureRequest
) -> None:
    document = json.loads(render_json(request.getfixturevalue(name)))
    assert breaches(document, schema, schema) == []


def test_the_check_of_the_schema_sees_a_breach(schema: Json, full: Report) -> None:
    document = json.loads(render_json(full))
    document["schema"] = 2
    document["accounting"]["found"] = "many"
    document["exposures"][0]["band"] = "certainly"
    del document["expected_false_alarms"]["you"]
    document["crop"] = "AAAA"
    assert len(breaches(document, schema, schema)) == 5


def test_the_schema_knows_every_member_of_every_closed_set(schema: Json) -> None:
    text = (DOCS / "report-schema.md").read_text(encoding="utf-8")
    shown = [
        *(each.name.lower() for kind in (PictureKind, Author, Rule, Reason, Leak) for each in kind),
        *(each.value for kind in (Audience, Band, Precision) for each in kind),
    ]
    enums = json.dumps(schema)
    assert [name for name in shown if f'"{name}"' not in enums or f"`{name}`" not in text] == []
    assert schema["properties"]["schema"]["const"] == SCHEMA


def test_only_the_run_object_differs_when_only_the_run_differs(full: Report) -> None:
    other = replace(
        full.run,
        created=datetime(2027, 1, 1, tzinfo=UTC),
        version="9.9",
        last_scan=None,
        runs=11,
        assurance="camera",
        isolation=(),
        asked=ASKED,
    )
    one, two = (json.loads(render_json(each)) for each in (full, replace(full, run=other)))
    assert one["run"] != two["run"]
    assert all(one["run"][name] != two["run"][name] for name in one["run"])
    assert json.dumps({**one, "run": 0}) == json.dumps({**two, "run": 0})


def test_every_request_is_listed_as_it_was(hostile: Report, visited: Report) -> None:
    asked = json.loads(render_json(visited))["run"]["asked"]
    assert len(asked) == len(visited.run.asked)
    assert asked[0] == {
        "at": "2026-11-22T14:00:30+00:00",
        "host": "club.example",
        "method": "GET",
        "address": "https://club.example/robots.txt",
        "outcome": "gone",
        "status": 404,
        "sent": 212,
        "received": 310,
    }
    hosts = [one["host"] for one in json.loads(render_json(hostile))["run"]["asked"]]
    assert hosts == [one.host.replace("\udce9", "\ufffd") for one in hostile.run.asked]


def test_when_a_picture_was_seen_at_its_address_is_told(visited: Report, full: Report) -> None:
    contexts = [
        json.loads(render_json(each))["exposures"][-1]["occurrences"][0]["contexts"][0]
        for each in (visited, full)
    ]
    assert [(each["answered"], each["modified"]) for each in contexts] == [
        ("2026-11-22T14:00:30+00:00", "2019-05-03T08:00:00+00:00"),
        (None, None),
    ]


def test_hostile_text_comes_back_as_it_was(hostile: Report) -> None:
    document = json.loads(render_json(hostile))
    for given, shown in zip(hostile.exposures, document["exposures"], strict=True):
        caption = given.occurrences[0].contexts[0].caption or ""
        context = shown["occurrences"][0]["contexts"][0]
        assert context["caption"] == caption.replace("\udce9", "\ufffd")
        assert context["album"] == context["caption"]


def test_lone_surrogates_become_replacement_characters_and_pairs_stay(full: Report) -> None:
    run = replace(full.run, assurance="a\ud83db\udce9 \U0001f604 \ufeffc\ud83d", version="\ufeffx")
    document = json.loads(render_json(replace(full, run=run)))
    assert document["run"]["assurance"] == "a\ufffdb\ufffd \U0001f604 \ufeffc\ufffd"
    assert document["run"]["version"] == "\ufeffx"


def test_permalinks_are_plain_web_addresses_or_null(hostile: Report) -> None:
    document = json.loads(render_json(hostile))
    links = {
        context["permalink"]
        for exposure in document["exposures"]
        for occurrence in exposure["occurrences"]
        for context in occurrence["contexts"]
    }
    assert None in links
    assert all(link is None or link.startswith("https://") for link in links)


def test_distances_have_four_decimals_at_most(full: Report) -> None:
    first = full.exposures[0]
    rough = replace(first, match=replace(first.match, distance=0.123456789))
    document = json.loads(render_json(replace(full, exposures=(rough,))))
    assert document["exposures"][0]["distance"] == 0.1235


def test_the_report_is_ascii_and_ends_with_one_newline(hostile: Report) -> None:
    data = render_json(hostile)
    assert data.isascii()
    assert data.endswith(b"}\n")
    assert b"\x7f" not in data


def test_numbers_that_json_does_not_know_are_refused(full: Report) -> None:
    broken = replace(full.expectation, you=float("nan"))
    with pytest.raises(ValueError, match="not JSON compliant"):
        render_json(replace(full, expectation=broken))


def test_ignored_rules_come_in_one_order(full: Report) -> None:
    first = full.sources[0]
    turned = replace(first, ignored=tuple(reversed(first.ignored)))
    assert render_json(replace(full, sources=(turned,))) == render_json(
        replace(full, sources=(first,))
    )

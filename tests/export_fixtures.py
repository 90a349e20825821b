"""Fixtures of exports: their files, what is expected of them, what an export says of them."""

from __future__ import annotations

import base64
import json
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeAlias

from selfcheck.exports import EXPORTS, Documents, Export
from selfcheck.model import Address, Context, Missing, Moment, Picture

Json: TypeAlias = Any  # fixtures are JSON of any shape
Parts: TypeAlias = list[dict[str, Json]]

FIXTURES = Path(__file__).parent / "exports" / "fixtures"
CASES = sorted(
    (folder.parent.name, folder.name)
    for folder in FIXTURES.glob("*/*")
    if (folder / "files.json").is_file()
)
BY_NAME = {export.name: export for export in EXPORTS}
LEFT_OUT = {"platform", "permalink_derived"}
DOCUMENTS = (".json", ".jsonl", ".html", ".txt", ".srt", ".js", ".csv", ".car", ".atom")


def parts_of(case: tuple[str, str]) -> Parts:
    """Read a fixture: for each part, path -> JSON or None for a picture.

    {"$text"} and {"$base64"} stand for bytes, {"$script", "json"} for JSON behind a prefix.
    """
    loaded = json.loads((FIXTURES / "/".join(case) / "files.json").read_text("utf-8"))
    return [{path: raw(value) for path, value in part.items()} for part in loaded["parts"]]


def raw(value: Json) -> Json:
    match value:
        case {"$text": text}:
            return text.encode()
        case {"$base64": text}:
            return base64.b64decode(text)
        case _:
            return value


def plain(context: Context) -> dict[str, Json]:
    """Give a context's fields that tell something, as JSON has them."""
    told = {f.name: getattr(context, f.name) for f in fields(context) if f.name not in LEFT_OUT}
    return {
        name: as_json(value) for name, value in told.items() if value not in {None, 0, "unknown"}
    }


def as_json(value: Json) -> Json:
    if isinstance(value, Moment):
        return f"{value.when.isoformat()} ({value.precision})"
    if hasattr(value, "latitude"):
        return [value.latitude, value.longitude, value.name]
    return value


def outcome(export: Export, docs: Documents, root: str = "") -> dict[str, Json]:
    """Read everything an export tells of a tree, with `root` taken from the front of paths."""
    pictures: list[Json] = []
    missing: list[Json] = []
    addresses: list[Json] = []
    listed: set[str] = set()
    for found in export.read(docs):
        match found:
            case Picture(member=member, context=context):
                listed.add(member.path)
                told = {"picture": member.path, **plain(context)}
                pictures.append({k: without(v, root) for k, v in told.items()})
            case Missing(path=path, listed_in=listed_in):
                missing.append([without(path, root), without(listed_in, root)])
            case Address(address=address, context=context):
                told = {"address": address, **plain(context)}
                addresses.append({k: without(v, root) for k, v in told.items()})
    rest = [m.path for m in docs.members if m.path not in listed and is_media(m.path)]
    unlisted = {without(path, root): plain(export.unlisted(path)) for path in rest}
    ignored = {without(path, root): rule for path in rest if (rule := export.ignores(path))}
    result = {"pictures": pictures, "missing": missing, "unlisted": unlisted, "ignored": ignored}
    return result | ({"addresses": addresses} if addresses else {})


def without(value: Json, root: str) -> Json:
    return value.removeprefix(root) if isinstance(value, str) else value


def is_media(path: str) -> bool:
    return not path.endswith(DOCUMENTS)


def ordered(result: dict[str, Json]) -> dict[str, Json]:
    """Put what was found in an order that does not depend on the parts."""
    by_text: dict[str, Json] = {
        key: sorted(result[key], key=json.dumps)
        for key in ("pictures", "missing", "addresses")
        if key in result
    }
    return {**result, **by_text}


def expected_of(case: tuple[str, str]) -> Json:
    return json.loads((FIXTURES / "/".join(case) / "expected.json").read_text("utf-8"))


def under(root: str, parts: Parts) -> Parts:
    return [{root + path: value for path, value in part.items()} for part in parts]


def renamed(parts: Parts, root: str) -> Parts:
    return [{root + p.partition("/")[2]: v for p, v in part.items()} for part in parts]

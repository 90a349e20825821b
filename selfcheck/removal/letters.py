"""Letters, and the note that goes with them, as Markdown and as a page to be printed.

Owns how they are filled and kept harmless; what they say is in templates/. One template makes
both forms, so they cannot say different things. Nothing is sent from here or from anywhere.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from selfcheck.privacy.text import address, safe
from selfcheck.removal import markdown, words
from selfcheck.removal.case import Case
from selfcheck.removal.catalogue import of_kind
from selfcheck.removal.door import Door, DoorKind, Situation
from selfcheck.removal.suggesting import authorities
from selfcheck.removal.terms import Law, LetterKind, due, term

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

NOT_ADVICE = "This is not legal advice."

TITLES = {
    LetterKind.ACCESS: "Request for access under Article 15 of the GDPR",
    LetterKind.ERASURE: "Request for erasure under Article 17 of the GDPR",
    LetterKind.OBJECTION: "Objection under Article 21 of the GDPR",
    LetterKind.DELETE: "Request to delete under the California Consumer Privacy Act",
    LetterKind.OPT_OUT: "Request to opt out under the California Consumer Privacy Act",
    LetterKind.OWNER: "A picture of me on your page",
    LetterKind.UPLOADER: "A picture of me that you posted",
    LetterKind.FACES: "Request to leave my face out of your search",
}
_NOTE = "note"
_NOTE_TITLE = "Before you send this"


class _Writing(StrEnum):
    """How a text is written."""

    MARKDOWN = "md"
    HTML = "html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A letter or the note, in both forms. `name` is that of its file, without a suffix."""

    name: str
    title: str
    markdown: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterSet:
    """The letters of one case and the note for the user, which is for nobody else."""

    letters: tuple[Document, ...]
    note: Document


def write_letter(kind: LetterKind, case: Case) -> Document:
    """Write one letter; what the case does not know stands in brackets to be filled in."""
    return _document(kind.value, TITLES[kind], case=case, due=due(kind, case.written))


def write_set(
    kinds: Sequence[LetterKind], case: Case, door: Door, situation: Situation, *, today: date
) -> LetterSet:
    """Write letters and their note: what to do first, what to expect, and the step after that.

    `today` is held against the dates on which the entries were checked. A face-search engine
    is told of no picture: an address or a caption would show it where to look.
    """
    if door.kind is DoorKind.FACES:
        case = case.without_the_picture()
    laws = {term(kind).law for kind in kinds}
    note = _document(
        _NOTE,
        _NOTE_TITLE,
        case=case,
        not_advice=NOT_ADVICE,
        door=door,
        way=door.way(situation),
        today=today,
        letters=[(TITLES[kind], due(kind, case.written), term(kind)) for kind in kinds],
        kinds=kinds,
        gdpr=Law.GDPR in laws,
        ccpa=Law.CCPA in laws,
        faces=door.kind is DoorKind.FACES,
        website=door.kind is DoorKind.WEBSITE,
        authorities=authorities(laws),
        intimate=of_kind(DoorKind.INTIMATE),
    )
    return LetterSet(letters=tuple(write_letter(kind, case) for kind in kinds), note=note)


def _document(name: str, title: str, **values: object) -> Document:
    written = {}
    for form in _Writing:
        environment = _environment(form)
        text = environment.get_template(name).render(title=title, **values)
        written[form] = _tidy(text) if form is _Writing.MARKDOWN else text
    return Document(
        name=name, title=title, markdown=written[_Writing.MARKDOWN], html=written[_Writing.HTML]
    )


def _tidy(text: str) -> str:
    """Leave one empty line between paragraphs, and none at either end."""
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"


def _policy(style: str) -> str:
    """Write the page's Content-Security-Policy: nothing but this style."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _trusted(text: str) -> Markup:
    """Mark text as fit for its place as it is."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704 - our own style and policy, and what was escaped just now


def _flowing(text: Markup) -> Markup:
    """Put a paragraph on one line: a mail program would keep the breaks of the template."""
    return _trusted(" ".join(text.split()))


def _shown_in_markdown(value: object) -> object:
    from markupsafe import Markup

    return value if isinstance(value, Markup) else _trusted(markdown.escaped(str(value)))


def _shown_in_html(value: object) -> object:
    """Make a value harmless; the engine then escapes it for HTML."""
    from markupsafe import Markup

    return value if isinstance(value, Markup) else safe(str(value))


def _linked_in_markdown(url: str) -> Markup:
    return _trusted(markdown.linked(url))


def _linked_in_html(url: str) -> Markup:
    """Write an address as text: a printed letter has nothing to click on."""
    from markupsafe import escape

    return escape(address(url) or safe(url))


@cache
def _environment(form: _Writing) -> Environment:
    from jinja2 import DictLoader, Environment, StrictUndefined

    in_markdown = form is _Writing.MARKDOWN
    style = _read("print.css")
    environment = Environment(
        loader=DictLoader(_templates(form)),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown_in_markdown if in_markdown else _shown_in_html,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        words=words,
        flowing=_flowing,
        linked=_linked_in_markdown if in_markdown else _linked_in_html,
        style=_trusted(style),
        policy=_trusted(_policy(style)),
    )
    # Shared parts use the marks, so the marks come first.
    environment.globals["mark"] = environment.get_template("marks").module
    environment.globals["parts"] = environment.get_template("parts").module
    return environment


def _templates(form: _Writing) -> dict[str, str]:
    """Give the templates by name; of page and marks the ones of this form."""
    shared = {name: _read(f"{name}.j2") for name in ("letter", "parts", _NOTE, *LetterKind)}
    return shared | {name: _read(f"{name}.{form}.j2") for name in ("page", "marks")}


def _read(name: str) -> str:
    return files("selfcheck.removal").joinpath("templates", name).read_text(encoding="utf-8")

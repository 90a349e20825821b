"""How much work a page makes for whoever builds a tree of it, said before anybody does.

A tree's builder walks its stack of open elements for each tag, compares the attributes of a tag
with each other, and opens again what was left open: 200,000 nested `<div>` take over a minute,
and 33 kB of unclosed `<font>` 735 MB (selectolax 1.0.2). So the stack is followed here, by rules
under which it is never shorter than the builder's own; where that is not certain, the answer is no.
"""

from __future__ import annotations

from selfcheck.pages.tags import VOID, Token, count_attributes, tokens

_MOST_STEPS = 30_000_000  # of a walk along the stack, or of a comparison: some 10 ns each
_MOST_COPIES = 400_000  # elements that may be opened again, some 350 bytes each
_MOST_PARTS = 400_000  # elements and attributes, some 200 bytes each
_LONGEST_RUN = 8

_FORMATTING = frozenset(
    (*("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong"),
     *("tt", "u"))
)  # fmt: skip
# Elements that the end of another one closes, and those whose end tag does so.
_OPTIONAL = frozenset(
    (*("p", "li", "dt", "dd", "option", "optgroup", "td", "th", "tr", "tbody", "thead", "tfoot"),
     *("colgroup", "rp", "rt"))
)  # fmt: skip
_BLOCKS = frozenset(
    (*("address", "article", "aside", "blockquote", "button", "caption", "center", "dd", "details"),
     *("dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "header"),
     *("hgroup", "li", "listing", "main", "menu", "nav", "ol", "pre", "search", "section"),
     *("select", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"))
)  # fmt: skip
_ROWS = frozenset(("td", "th", "tr"))
_OF_TABLES = _ROWS | {"tbody", "thead", "tfoot"}
_PARAGRAPH = frozenset({"p"})
_IN_TABLES = _OF_TABLES | _PARAGRAPH
_CLOSED_BY = {
    "p": frozenset({"p"}),
    "li": frozenset({"p", "li"}),
    "dt": frozenset({"p", "dt", "dd"}),
    "dd": frozenset({"p", "dt", "dd"}),
    "option": frozenset({"option"}),
    "optgroup": frozenset({"option"}),
    "td": frozenset({"td", "th"}),
    "th": frozenset({"td", "th"}),
    "tr": _ROWS,
    "tbody": _OF_TABLES,
    "thead": _OF_TABLES,
    "tfoot": _OF_TABLES,
    **dict.fromkeys(_BLOCKS - _OPTIONAL - {"table", "button", "caption", "select"}, _PARAGRAPH),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "hr", "form"), _PARAGRAPH),
}
# Within these, `<style>` and its like may hold markup after all.
_UNSURE = frozenset(("svg", "math", "select", "frameset", "template"))
_FOREIGN = frozenset(("svg", "math"))
_EMPTY_ANYWHERE = frozenset(("br", "embed", "hr", "img", "meta"))  # they end a drawing
_DRAWN = frozenset(
    (*("svg", "g", "path", "circle", "rect", "line", "polyline", "polygon", "ellipse", "use"),
     *("defs", "title", "style", "text", "tspan", "stop", "lineargradient", "radialgradient"),
     *("clippath", "mask", "symbol"))
)  # fmt: skip


def is_modest(text: str) -> bool:
    """Say whether a tree of the page is built in about a second and 200 MB, at most."""
    stack = _Stack()
    return all(stack.takes(token) for token in tokens(text))


class _Stack:
    """The open elements, and what was spent on them."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._steps = 0
        self._copies = 0
        self._parts = 0
        self._formatting = 0
        self._unsure = 0
        self._foreign = 0
        self._drawn = 0  # how many of the innermost elements are surely those of a drawing
        self._of_all = 0  # attributes of `html` and `body`, which are gathered from all their tags

    def takes(self, token: Token) -> bool:
        """Take a tag or a text; False where it is too much."""
        if not token.name:
            # A section of characters would hide tags, a style sheet in a drawing hold some.
            return not (self._unsure and token.raw and "<" in token.written)
        self._steps += len(self._open) + 1
        self._copies += self._formatting
        self._compare(token.name, token.written)
        if token.ends:
            self._end(token.name)
        elif not token.cut:
            self._start(token.name, token.written)
        return (
            self._steps <= _MOST_STEPS
            and self._copies <= _MOST_COPIES
            and self._parts <= _MOST_PARTS
        )

    def _start(self, name: str, written: str) -> None:
        closed = None if self._foreign else _CLOSED_BY.get(name)
        while closed and self._open and self._open[-1] in closed:
            self._pop(self._open[-1])
        drawn = name == "svg" or (self._drawn > 0 and name in _DRAWN)
        if name in (_EMPTY_ANYWHERE if self._foreign else VOID):
            self._drawn = 0
            return
        if drawn and written.endswith("/"):
            return
        self._drawn = self._drawn + 1 if drawn else 0
        self._open.append(name)
        self._formatting += name in _FORMATTING
        self._unsure += name in _UNSURE
        self._foreign += name in _FOREIGN

    def _compare(self, name: str, written: str) -> None:
        """Count what it takes to see whether an attribute stands in a tag twice."""
        count = count_attributes(written)
        self._parts += 1 + count
        if name in {"html", "body"}:
            count = self._of_all = self._of_all + max(count, len(written) // 2)
        self._steps += count * count // 4

    def _end(self, name: str) -> None:
        if self._open and self._open[-1] == name:
            self._pop(name)
            return
        self._drawn = 0
        if self._foreign or name not in _BLOCKS:
            return
        # Outside a table its parts are passed over, and what stands in them stays open.
        closed = _IN_TABLES if name in _OF_TABLES or name == "caption" else _OPTIONAL
        place = len(self._open) - 1
        last = max(place - _LONGEST_RUN, 0)
        while place > last and self._open[place] in closed and self._open[place] != name:
            place -= 1
        if place >= 0 and self._open[place] == name:
            while len(self._open) > place:
                self._pop(self._open[-1])

    def _pop(self, name: str) -> None:
        self._open.pop()
        self._drawn = max(self._drawn - 1, 0)
        self._formatting -= name in _FORMATTING
        self._unsure -= name in _UNSURE
        self._foreign -= name in _FOREIGN

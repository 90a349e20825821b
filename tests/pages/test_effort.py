"""The stack that is followed in advance is never much shorter than that of the tree's builder."""

from __future__ import annotations

import random

import pytest
from selectolax.lexbor import LexborHTMLParser

from selfcheck.pages import effort, tags, trees

NAMES = (
    *("div", "span", "p", "b", "a", "font", "i", "nobr", "h1", "form", "button", "object", "head"),
    *("marquee", "template", "noscript", "iframe", "frameset", "body", "html", "table", "caption"),
    *("colgroup", "col", "tbody", "tr", "td", "select", "optgroup", "option", "li", "ul", "dl"),
    *("dd", "dt", "ruby", "rt", "svg", "g", "path", "title", "style", "desc", "foreignobject"),
    *("math", "mi", "br", "img", "input", "hr", "script", "textarea"),
)
SIGNS = ("x", "<!--", "-->", "<!-->", "<![CDATA[", "]]>", '"', "'", "<p title='", '<b title="', "<")


class Depth:
    """How deep a tree is, counted on the way through it."""

    def __init__(self, text: str) -> None:
        self.deepest = 0
        node, above = LexborHTMLParser(text).root, []
        while node is not None:
            inner = trees._inner(node, node.tag or "")
            if inner is not None:
                above.append(node)
                self.deepest = max(self.deepest, len(above))
                node = inner
                continue
            while (following := node.next) is None and above:
                node = above.pop()
            node = following


def piece(draw: random.Random) -> str:
    name = draw.choice(NAMES)
    forms = (f"<{name}>", f"<{name}>", f"</{name}>", f"</{name}>", f"<{name}/>", f"<{name} a=1>")
    return draw.choice((*forms, draw.choice(SIGNS)))


@pytest.mark.parametrize("seed", range(8))
def test_no_sequence_of_tags_builds_a_tree_that_is_deeper_than_what_was_foreseen(seed: int) -> None:
    draw = random.Random(seed)
    tried = 0
    for _ in range(400):
        start = "".join(piece(draw) for _ in range(draw.randint(0, 4)))
        text = start + "".join(piece(draw) for _ in range(draw.randint(2, 9))) * 60
        stack, deepest = effort._Stack(), 0
        for token in tags.tokens(text):
            if not stack.takes(token):
                break
            deepest = max(deepest, len(stack._open))
        else:
            tried += 1
            # A cell brings its row and its table's body along, and formatting is opened again.
            assert Depth(text).deepest <= 3 * deepest + 40, text[:300]
    assert tried > 200


@pytest.mark.parametrize(
    "text",
    [
        "<div>" * 200_000,
        "".join(f"<font a={one}>" for one in range(1000)) + "<p></p>" * 1000,
        "<p " + " ".join(f"a{one}" for one in range(20_000)) + ">",
        "<p " + " ".join(f"a{one}" for one in range(20_000)),
        "</p " + " ".join(f"a{one}" for one in range(20_000)) + ">",
        "".join(f"<body a{one}=1 b{one}=2 c{one}=3>" for one in range(5000)),
    ],
    ids=["depth", "formatting", "attributes", "cut off", "end tag", "attributes of the body"],
)
def test_no_tree_is_built_of_what_costs_its_builder_more_than_its_length(text: str) -> None:
    assert not effort.is_modest(text)


@pytest.mark.parametrize("piece", ["<li><td><dd></td>", "<caption><li></caption><dd>"])
def test_what_a_part_of_a_table_holds_outside_a_table_stays_open(piece: str) -> None:
    stack = effort._Stack()
    assert all(stack.takes(token) for token in tags.tokens(piece * 60))
    assert 3 * len(stack._open) + 40 > Depth(piece * 60).deepest


def test_a_tree_is_built_of_ordinary_pages() -> None:
    links = "<ul>" + "<li><a href=x><b>x</b></a><p>y" * 5000 + "</ul>"
    table = "<table>" + "<tr><td>x<td><p>y</p>" * 5000 + "</table>"
    drawing = "<svg viewBox='0 0 1 1'><title>x</title><path d=''/><g><use href='#a'/></g></svg>"
    scripts = "<script>if (a<b) { c = '<div>' }</script><style>.a > b {}</style>"
    assert effort.is_modest(links + table + drawing * 5000 + scripts * 5000)


class Images:
    """The `src` of each image, as a sink sees them."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "img":
            self.found.append(attributes.get("src", ""))

    def end(self, tag: str) -> None:
        pass

    def text(self, text: str) -> None:
        pass


def test_the_reader_of_tags_sees_what_the_tree_sees_behind_comments_scripts_and_quotes() -> None:
    page = (
        "<!--><img src=1><!-- <img src=no> --!><img src=2><script><!--<script></script><img src=no>"
        "</script><img src=3></script><img src=4><script><!-- --></script><img src='5'/>"
        '<p a="<img src=no>"><textarea><img src=no></textarea><title></titles><img src=no></TITLE >'
        "<img/src=6 src=no><img =\"x src='&amp;7&copy=1'><? <img src=no><style><!--</style>"
        "<img src=8><img src=cut off"
    )
    by_tags, by_tree = Images(), Images()
    tags.walk(page, by_tags)
    assert trees.walk(page, by_tree)
    assert by_tags.found == by_tree.found == ["1", "2", "3", "4", "5", "6", "&7&copy=1", "8"]

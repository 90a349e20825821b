"""The one door to selectolax: a page's tree by the HTML standard, handed on in document order."""

from __future__ import annotations

from selectolax.lexbor import (
    LexborDocumentOptions,
    LexborHTMLParser,
    LexborNode,
    SelectolaxError,
)

from selfcheck.pages.tags import Sink


def walk(text: str, sink: Sink) -> bool:
    """Hand a page's elements and texts to a sink, what templates hold included; False: no tree."""
    try:
        # Without events no `<selectedcontent>` copies options.
        tree = LexborHTMLParser(text, options=LexborDocumentOptions.WO_EVENTS)
    except (SelectolaxError, ValueError, MemoryError):
        return False
    node = tree.root
    within: list[tuple[LexborNode, str]] = []
    while node is not None:
        tag = node.tag or ""
        if tag == "-text":
            sink.text(node.text_content or "")
            inner = None
        else:
            if not tag.startswith("-"):
                sink.start(tag, {name: value or "" for name, value in node.attributes.items()})
            inner = _inner(node, tag)
        if inner is not None:
            within.append((node, tag))
            node = inner
            continue
        sink.end(tag)
        while (following := node.next) is None and within:
            node, tag = within.pop()
            sink.end(tag)
        node = following
    return True


def _inner(node: LexborNode, tag: str) -> LexborNode | None:
    if tag == "template":  # its content stands beside the tree
        fragments = node.template_fragments()
        return fragments[0].first_child if fragments else None
    return node.first_child

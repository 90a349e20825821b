"""XMP documents of at most 1 MiB: their properties, whichever program wrote them.

Owns reading XML safely and the ways in which XMP writes one property; it knows no properties.
XMP inside a picture is not read here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from selfcheck.exports.documents import Documents
from selfcheck.model import Member

_LARGEST = 1 << 20  # bytes; edit histories beyond that are not read
_MOST_VALUES = 200  # of one property
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"

Properties = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Xmp:
    """One document: its properties' texts in document order, and its XML for structures."""

    properties: Properties = field(default_factory=dict)
    root: ET.Element | None = None

    def first(self, *names: str) -> str | None:
        """Give the first text of the first property that has one."""
        return next((self.properties[name][0] for name in names if name in self.properties), None)

    def structures(self, name: str, other: str) -> Iterator[tuple[str, str]]:
        """Yield two fields of every structure that has the first; the second may be empty."""
        for element in self.root.iter() if self.root is not None else ():
            found = _field(element, name)
            if found:
                yield found, _field(element, other)


def read(tree: Documents, member: Member) -> Xmp:
    """Read a document; one that is damaged, too large or hostile has no properties."""
    written = tree.text(member) if member.size <= _LARGEST else ""
    # XMP has no use for a document type, and its entities are the way to a bomb.
    if "<!DOCTYPE" in written.replace("\0", "").upper():
        return Xmp()
    try:
        root = ET.fromstring(written.strip("\0 \r\n\t"))  # noqa: S314 - see above
    except (ET.ParseError, ValueError, LookupError):
        return Xmp()
    return Xmp(properties=_properties(root), root=root)


def _properties(root: ET.Element) -> Properties:
    """Gather texts by property, written as attribute, as text or as a list."""
    values: dict[str, list[str]] = defaultdict(list)
    waiting = [(root, "")]
    while waiting:
        element, owner = waiting.pop()
        # A list's items belong to the property around the list.
        name = owner if element.tag.startswith(_RDF) else element.tag
        for key, written in (*element.attrib.items(), (name, element.text or "")):
            if written.strip() and len(values[key]) < _MOST_VALUES:
                values[key].append(written.strip())
        waiting.extend((child, name) for child in reversed(element))
    return {key: texts for key, texts in values.items() if texts}


def _field(element: ET.Element, name: str) -> str:
    return (element.get(name) or element.findtext(name) or "").strip()

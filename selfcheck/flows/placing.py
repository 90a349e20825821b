"""Places the matches of one source: what its export says about them, and nobody else's pictures.

Reads the export's documents after the pictures were examined, so that a caption, a name or a
place of a picture without the owner is read, passed by and forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence

from selfcheck import exports
from selfcheck.flows.saved import Place
from selfcheck.ledger import Item, Ledger
from selfcheck.model import Address, Context, Listed, Member, Missing, Picture, Tree

# A document that lists one picture more often than this was made to fill the memory.
MOST_CONTEXTS = 1000
# The same for pictures that are listed and not there.
MOST_MISSING = 100_000
# Addresses told apart; of what is named after these, each counts.
MOST_ADDRESSES = 200_000


def place(
    tree: Tree,
    ledger: Ledger,
    source: int,
    members: Sequence[Member],
    *,
    links: int = 0,
    pages: Callable[[Container[Place]], exports.PageReader] | None = None,
) -> tuple[Address, ...]:
    """Read what the export says of its pictures and keep it for those that matched.

    `pages` makes a reader of saved pages for the pictures that matched. Gives the pictures that
    the export names by web address only, `links` of them at most.
    """
    matched = {_place(item.member): item for item in ledger.matched(source)}
    documents = exports.Documents.of(tree, members, pages(matched) if pages else None)
    export = exports.recognise(documents)
    ledger.set_platform(source, export.title)
    listing = _Listing(matched, links)
    missing = listing.read(export.read(documents))
    for spot, item in matched.items():
        contexts = list(listing.contexts.get(spot, ())) or [export.unlisted(item.member.path)]
        ledger.place(item, contexts)
    # A list that breaks off took contexts with it: it is no longer a file without a picture.
    for member, skipped in documents.troubled:
        broken = ledger.item(source, member)
        if broken is not None:
            ledger.settle(broken, skipped)
    unlisted = sum(_place(item.member) not in listing.listed for item in ledger.examined(source))
    ledger.set_listing_facts(
        source, missing=missing, unlisted=unlisted, addresses=listing.addresses
    )
    return tuple(listing.links.values())


def _place(member: Member) -> Place:
    return (member.part, member.locator)


class _Listing:
    """What an export lists: contexts of matches, and the places of everything else."""

    def __init__(self, matched: dict[Place, Item], links: int) -> None:
        self.contexts: dict[Place, dict[Context, None]] = {}  # in order, each once
        self.listed: set[Place] = set()
        self.addresses = 0
        self.links: dict[str, Address] = {}
        self._most_links = links
        self._matched = matched

    def read(self, found: Iterable[Listed]) -> list[Missing]:
        """Take the listed pictures in; give those that no part holds."""
        # Several documents may name one picture.
        missing: dict[str, Missing] = {}
        addresses: set[int] = set()
        for listed in found:
            match listed:
                case Missing(path=path) if len(missing) < MOST_MISSING:
                    missing.setdefault(path, listed)
                case Missing():
                    pass
                case Address(address=address):
                    named = hash(address)
                    self.addresses += named not in addresses
                    if len(addresses) < MOST_ADDRESSES:
                        addresses.add(named)
                    if len(self.links) < self._most_links:
                        self.links.setdefault(address, listed)
                case Picture(member=member, context=context):
                    spot = _place(member)
                    self.listed.add(spot)
                    if spot in self._matched:
                        self._keep(spot, context)
        return list(missing.values())

    def _keep(self, spot: Place, context: Context) -> None:
        kept = self.contexts.setdefault(spot, {})
        # Some exports list one picture twice in the same words.
        if len(kept) < MOST_CONTEXTS:
            kept.setdefault(context)

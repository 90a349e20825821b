"""What the user gave to be scanned: which of it are files, and which web addresses.

Owns the telling apart. Nothing is asked or opened here but lists of addresses.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from selfcheck.errors import UsageError
from selfcheck.flows.fetching import Courier
from selfcheck.model import Address as Link
from selfcheck.sources import web
from selfcheck.sources.web import Address, NoAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An address that the user gave, and what an export says of it where that named it."""

    address: Address
    title: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """What was given: files, and addresses to ask or to refuse."""

    paths: tuple[Path, ...]
    given: tuple[Given, ...]
    refused: tuple[NoAddress, ...]

    @property
    def asks(self) -> bool:
        """Say whether anything of it is a web address."""
        return bool(self.given or self.refused)


def sort_out(sources: Sequence[str]) -> Sorted:
    """Tell web addresses and lists of them from files.

    Raises UsageError for an address that was typed and cannot be asked for; one of a list is
    refused by itself.
    """
    paths: list[Path] = []
    found: list[Address | NoAddress] = []
    for source in sources:
        if web.is_address(source):
            found.append(_typed(source))
        elif (listed := web.listed(Path(source))) is not None:
            found += listed
        else:
            paths.append(Path(source))
    return Sorted(
        paths=tuple(paths),
        given=tuple(Given(address=one) for one in found if isinstance(one, Address)),
        refused=tuple(one for one in found if isinstance(one, NoAddress)),
    )


def _typed(source: str) -> Address:
    found = web.typed(source)
    if isinstance(found, NoAddress):
        raise UsageError(
            f"{source} cannot be asked for: {found.fault.value}.",
            hint="give the address as your browser shows it",
        )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to ask, and by whom. refused: what is no address to ask for."""

    courier: Courier
    given: tuple[Given, ...]
    refused: tuple[NoAddress, ...] = ()
    respect_robots: bool = False

    def with_links(self, links: Iterable[Link]) -> Request:
        """Ask these too, which exports name; what is no address is left out."""
        read = [(web.typed(link.address), link.context) for link in links]
        more = [
            Given(
                address=address,
                title=": ".join(filter(None, (context.platform, context.album))),
                caption=context.caption or "",
            )
            for address, context in read
            if isinstance(address, Address)
        ]
        return replace(self, given=(*self.given, *more))

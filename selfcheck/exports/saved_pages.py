"""Pages that somebody saved: in one file, in a web archive, or with a folder beside them.

Owns how they are recognised; what `sources` tells of those in one file is read as mail is.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from selfcheck.exports import held_pages, mail
from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.names import time_in
from selfcheck.exports.page_words import Words, of_page
from selfcheck.exports.values import fields, text
from selfcheck.model import Context, Listed, Member, Picture, PictureKind, Rule

# A WACZ is a zip with lists beside its web archives (WACZ 1.2.0).
_IN_PAGES = re.compile(
    r"(?:^|/)[^/]+\.(?:mht(?:ml)?|warc(?:\.gz)?|x?html?)/"
    r"|(?:^|/)(?:datapackage(?:-digest)?\.json|pages/\w+\.jsonl|indexes/[^/]+)$"
)
# SingleFile's list of what it put into the zip in a page, and into that of each frame.
_MANIFEST = re.compile(r"\.x?html?/(?:.+/)?manifest\.json$")
_PAGE = re.compile(r"\.x?html?$")
_INDEX = "index.html"  # SingleFile's name for the page in the zip
# What browsers call the folder beside a page, in the languages that people told of: nobody has
# looked at all of them. A page has to lie beside it, so another folder is seldom taken for one.
_FOLDER = re.compile(
    r"(?P<page>.*[^/])[-_. ](?:files?|dateien|fichiers|archivos|arquivos|ficheiros|bestanden|pliki"
    r"|filer|tiedostot|soubory|elemei|dosyalar|файлы|ファイル)/"
)
_NO_PICTURE = re.compile(r"\.(?:css|js|json|txt|xml|svg|map|woff2?|ttf|otf|eot|download|x?html?)$")
# "<!-- saved from url=(0023)https://example.com/ -->": the number counts the address's letters.
_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)\s*(?P<address>\S{1,2000})\s*-->", re.IGNORECASE)
# What `sources` calls the records of a web archive that are counted and no pictures.
_PASSED_OVER = re.compile(r"(revisit|piece) ")
_IN_WARC = re.compile(r"\.warc(?:\.gz)?/\d+$", re.IGNORECASE)
_RULES = {"revisit": Rule.REVISIT, "piece": Rule.PIECE}
_START = 64 << 10
_DEEPEST = 20  # folders in one another; only a path that was made up has more
_LONGEST = 10 << 20  # bytes of a page; no more is read of it
_MOST_FRAMES = 5
_FEW = 8  # pages whose words are kept; their pictures are listed together


class SavedPages:
    """Web pages that were saved, and web archives."""

    name = "saved_pages"
    title = "Saved page"
    how = (
        "In Chrome, Edge or Firefox, save a page completely (an HTML file with a folder beside "
        "it), as a single file (mhtml) or with the extension SingleFile (html), or record it as "
        "a web archive (warc, wacz). Name the files, or the folder that holds them."
    )
    reads = (
        "Every picture that was saved with the page, also those written into its text, with the "
        "page's address and title, and the words that stand near it or in its place."
    )

    def claims(self, tree: Documents) -> bool:
        """Claim trees that hold saved pages and nothing else."""
        if not any(map(tree.has, (mail.TOLD, _MANIFEST, _FOLDER))):
            return False
        beside = _Beside(tree)
        return all(
            _IN_PAGES.search(path) or beside.page(path) or path in beside.used
            for path in tree.folded()
        )

    def read(self, tree: Documents) -> Iterator[Listed]:
        """Yield the pictures of every page."""
        yield from mail.read(tree, platform=self.title)
        yield from read(tree, platform=self.title)

    def unlisted(self, path: str) -> Context:
        """Give the time in the file's name; the page is not known."""
        return Context(platform=self.title, kind=PictureKind.PAGE, time=time_in(path))

    def ignores(self, path: str) -> Rule | None:
        """Leave alone what a web archive holds no bytes of, and files of operating systems."""
        folder, _, name = path.rpartition("/")
        found = _PASSED_OVER.match(name)
        if found and _IN_WARC.search(folder):
            return _RULES[found[1]]
        return system_file(path)


def read(tree: Documents, *, platform: str) -> Iterator[Picture]:
    """Yield the pictures of pages that are folders or zips: with the page, or beside it."""
    for sign, kind in ((_FOLDER, _Beside), (_MANIFEST, _Zipped)):
        if tree.has(sign):
            yield from _read(tree, kind(tree), platform)


def _read(tree: Documents, pages: _Beside | _Zipped, platform: str) -> Iterator[Picture]:
    tell, words = cache(pages.tell), lru_cache(_FEW)(pages.words)
    for position, folded in enumerate(tree.folded()):
        # What a page holds that lies in another page was told of with that one.
        left_out = _NO_PICTURE.search(folded) or mail.INSIDE.match(folded)
        page = None if left_out else pages.page(folded)
        if page is None:
            continue
        member, known, said = tree.members[position], tell(page), None
        if tree.pages.matters(member):
            read = words(page)
            known = replace(known, title=known.title or read.title)
            said = read.said_of_file(_below(member, page))
            for frame in pages.frames(folded) if said is None else ():
                said = said or words(frame).said_of_file(_below(member, frame))
        context = of_page(
            platform=platform,
            address=known.address,
            title=known.title,
            said=said,
            listed_in=page.path,
        )
        yield Picture(member=member, context=context)


def _below(member: Member, page: Member) -> str:
    """Give a picture's path from the folder that its page lies in; parts may have two roots."""
    folders = page.path.count("/")
    return "/".join(member.path.split("/")[folders:])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """What a page tells of itself."""

    address: str | None
    title: str | None = None


class _Beside:
    """Pages with a folder beside them."""

    def __init__(self, tree: Documents) -> None:
        self._tree = tree
        self.used: set[str] = set()  # the pages in whose folder something was found
        self._pages: Mapping[str, Member] = {}
        self._frames: dict[str, list[Member]] = {}  # by their folder
        if tree.has(_FOLDER):
            pages = tree.matching(_PAGE)
            self._pages = {fold(page.path).rpartition(".")[0]: page for page in reversed(pages)}
            for page in pages:
                frames = self._frames.setdefault(fold(page.path).rpartition("/")[0], [])
                if len(frames) < _MOST_FRAMES:
                    frames.append(page)
            for path in tree.folded():
                self.page(path)

    def page(self, path: str) -> Member | None:
        """Give the page beside whose folder a file lies in; the innermost of several."""
        for _ in range(_DEEPEST if self._pages else 0):
            found = _FOLDER.match(path)
            if found is None:
                break
            path = found["page"]
            if page := self._pages.get(path):
                self.used.add(fold(page.path))
                return page
        return None

    def frames(self, path: str) -> Sequence[Member]:
        """Give the pages beside a picture: they were frames of the page whose folder it is."""
        return self._frames.get(path.rpartition("/")[0], ())

    def tell(self, page: Member) -> _Page:
        """Give the address that the browser wrote into a page."""
        start = self._tree.start(page, _START).decode("utf-8-sig", errors="replace")
        found = _FROM.search(start)
        return _Page(address=html.unescape(found["address"]) if found else None)

    def words(self, page: Member) -> Words:
        """Read the page itself. Its links lead into the folder, whatever its address was."""
        return Words.of(self._tree.pages, self._tree.start(page, _LONGEST))


class _Zipped:
    """Pages that are zips, by the lists in them."""

    def __init__(self, tree: Documents) -> None:
        self._tree = tree
        lists = tree.matching(_MANIFEST) if tree.has(_MANIFEST) else ()
        self._lists = {fold(each.path).rpartition("/")[0]: each for each in reversed(lists)}

    def page(self, path: str) -> Member | None:
        """Give the list of the page or frame that a file belongs to."""
        for _ in range(_DEEPEST if self._lists else 0):
            path = path.rpartition("/")[0]
            if not path or path in self._lists:
                break
        return self._lists.get(path)

    def frames(self, path: str) -> Sequence[Member]:  # noqa: ARG002 - each has its own list
        """Give none: a frame is a page of its own there."""
        return ()

    def tell(self, page: Member) -> _Page:
        """Give what the list says of its page."""
        value = fields(self._tree.value(page))
        return _Page(address=text(value.get("originalUrl")), title=text(value.get("title")))

    def words(self, page: Member) -> Words:
        """Read the page beside the list, which may have been opened up itself."""
        tree, folder = self._tree, page.path.rpartition("/")[0]
        for index in tree.beside(page, _INDEX):
            return Words.of(tree.pages, tree.start(index, _LONGEST))
        told = tree.place_beside(f"{folder}/{_INDEX}", "messages-1.json")
        pages = () if told is None else held_pages.htmls(tree, tree.members[told])
        for one in pages:
            return Words.of(tree.pages, one.data)
        return Words()

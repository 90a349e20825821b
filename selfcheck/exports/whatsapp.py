"""WhatsApp's "Export chat": one text and, beside it, the files that its messages name.

Owns which files a message names and what they mean; the lines are `whatsapp_lines`'s. No message
has an address, an id or a zone, and nothing says whose phone it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from selfcheck.exports.contract import system_file
from selfcheck.exports.documents import Documents, fold
from selfcheck.exports.names import time_in
from selfcheck.exports.whatsapp_lines import Chat, Message, messages, moment
from selfcheck.model import (
    Audience,
    Author,
    Context,
    Listed,
    Member,
    Missing,
    Picture,
    PictureKind,
    Rule,
)

_CHATS = re.compile(r"(^|/)_chat\.txt$|(^|/)[^/]*whatsapp[^/]*\.txt$")
# Names in English, Spanish, German, Portuguese, French, Italian, Dutch; iOS puts a dash.
_TITLE = re.compile(
    r"whatsapp[ -]chat (?:-|with|mit|met) (?P<en>.+)|(?:chat|conversa|discussion|conversation)"
    r"\S* (?:de |do |di )?whatsapp (?:-|con|com|avec) (?P<other>.+)",
    re.IGNORECASE,
)
_COPY = re.compile(r"( \(\d+\))?(\.(zip|txt))?$", re.IGNORECASE)
# The words differ by language, the form does not; Chinese and Japanese have wide signs.
_NAMES_A_FILE = (
    re.compile(r"<[^<>:：]{1,40}[:：] ?(?P<name>[^<>/\\]+)>"),
    re.compile(r"^(?P<name>[^<>/\\]+\.\w{2,5}) [(（][^()（）]{1,60}[)）]$"),
    re.compile(r"^(?P<name>[^<>/\\]+\.\w{2,5}) <[^<>]{1,40}>$"),
)
# Names that only WhatsApp gives: what is called so and is not there was not exported.
_OWN_NAME = re.compile(r"^((img|vid)-\d{8}-wa\d+|\d{8}-(photo|video|gif)-[\d-]+)\.\w{2,5}$")
# What was not exported: one word in brackets (Android), or the phone's own words (iOS; English,
# German, Spanish, French, Italian, Portuguese, Dutch, Turkish, Russian). Which kind of file it
# was, Android does not tell.
_ABSENT = re.compile(
    r"^(?:<(?=[^>]*(?: |[^\x00-\x7f]))[^<>:：=/]{3,40}>"
    r"|(?:image|video|gif) omitted|(?:bild|video|gif) weggelassen"
    r"|(?:imagen omitida|(?:video|gif) omitido)|(?:image|vidéo|gif) absente?"
    r"|(?:immagine|video|gif) (?:omess[ao]|esclus[ao])|(?:imagem|vídeo|gif) ocult[ao]"
    r"|(?:afbeelding|video|gif) weggelaten|(?:görüntü|video|gif) dahil edilmedi"
    r"|(?:изображение|видео|gif) (?:отсутствует|пропущено))$",
    re.IGNORECASE,
)
_SOUND = re.compile(r"\.(opus|mp3|m4a|aac|ogg|amr)$")
_EDITED = re.compile(r"\s*<This message was edited>$")
_TRIED = 5  # texts, and lines of each, before a tree counts as something else
_FIRST = 20
_PAIR = 2


class WhatsApp:
    """One or several chats, each with its files."""

    name = "whatsapp"
    title = "WhatsApp"
    how = (
        "On the phone open the chat, its menu, More, Export chat, and choose to include media; "
        "once for each chat. A chat's export holds about its 10,000 newest messages."
    )
    reads = (
        "The pictures and films of each chat with sender, time, chat and caption, in any language; "
        "who of the senders is you, the export does not tell."
    )

    def claims(self, tree: Documents) -> bool:
        """Claim trees with a text that is named like a chat and begins like one."""
        if not tree.has(_CHATS):
            return False
        likely = islice(tree.matching(_CHATS), _TRIED)
        return any(_is_chat(tree, member) for member in likely)

    def read(self, tree: Documents) -> Iterator[Listed]:
        """Yield the files that the messages of every chat name."""
        for member in tree.matching(_CHATS):
            yield from _Reader.of(tree, member).read()

    def unlisted(self, path: str) -> Context:
        """Give the day in the file's name, and a message where WhatsApp gave that name."""
        own = _OWN_NAME.search(fold(path).rpartition("/")[2])
        kind = PictureKind.MESSAGE if own else PictureKind.FILE
        return Context(platform=self.title, kind=kind, time=time_in(path))

    def ignores(self, path: str) -> Rule | None:
        """Leave files of operating systems alone."""
        return system_file(path)


def _is_chat(tree: Documents, member: Member) -> bool:
    return next(messages(islice(tree.lines(member), _FIRST)), None) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """One chat: its text is read twice, first for who wrote and how dates are written."""

    tree: Documents
    member: Member
    chat: Chat
    title: str | None

    @classmethod
    def of(cls, tree: Documents, member: Member) -> _Reader:
        chat = Chat.of(messages(tree.lines(member)))
        return cls(tree=tree, member=member, chat=chat, title=_title(tree, member))

    def read(self) -> Iterator[Listed]:
        for message in messages(self.tree.lines(self.member)):
            line = _EDITED.sub("", message.lines[0]).strip()
            name = self._named(line)
            if name is None:
                if _ABSENT.search(line):
                    yield Missing(path=self._untold(message, line), listed_in=self.member.path)
                continue
            found = self._beside(name)
            yield from (Picture(member=one, context=self._context(message)) for one in found)
            if not found and _OWN_NAME.search(name.casefold()):
                yield Missing(path=self._folder + name, listed_in=self.member.path)

    def _untold(self, message: Message, words: str) -> str:
        """Name a file whose name was not exported, by its day."""
        sent = moment(message, self.chat.order)
        return f"of {sent.when:%Y-%m-%d %H:%M}: {words}" if sent else words

    @property
    def _folder(self) -> str:
        folder, slash, _ = self.member.path.rpartition("/")
        return folder + slash

    def _named(self, line: str) -> str | None:
        found = (pattern.search(line) for pattern in _NAMES_A_FILE)
        names = [one["name"].strip() for one in found if one]
        # A name without any mark counts if a file is called so.
        names += [line.strip()] if not names and self.tree.find(line) else []
        return next((name for name in names if not _SOUND.search(name.casefold())), None)

    def _beside(self, name: str) -> tuple[Member, ...]:
        """Find a file beside the text, else the only one of that name elsewhere.

        Names that count (`WA0001`) begin anew in each chat: one elsewhere is another chat's.
        """
        found = self.tree.find(name)
        here = fold(self._folder).strip("/")
        beside = tuple(one for one in found if fold(one.path).rpartition("/")[0] == here)
        same = tuple(one for one in beside if one.part == self.member.part)
        counts = _OWN_NAME.search(fold(name))
        return same or beside or (found if len(found) == 1 and not counts else ())

    def _context(self, message: Message) -> Context:
        author, audience = Author.UNKNOWN, self._audience()
        if self.title and message.sender == self.title:
            author = Author.OTHER
        return Context(
            platform=WhatsApp.title,
            kind=PictureKind.MESSAGE,
            # Android puts a caption on the lines that follow; iOS leaves it out (seen 2025-06).
            caption=_EDITED.sub("", "\n".join(message.lines[1:])).strip() or None,
            time=moment(message, self.chat.order),
            author=author,
            author_name=message.sender if author is Author.OTHER else None,
            # Two people's chat is named after the other one, whose name is no album's.
            album=self.title if audience is Audience.GROUP else None,
            audience=audience,
            listed_in=self.member.path,
        )

    def _audience(self) -> Audience:
        """Tell a group by its senders; two alone may be a group in which the others are silent."""
        if len(self.chat.senders) > _PAIR:
            return Audience.GROUP
        return Audience.DIRECT if self.title in self.chat.senders else Audience.UNKNOWN


def _title(tree: Documents, member: Member) -> str | None:
    """Give the name of the chat from the text's name, its folder's, or its archive's."""
    *_, folder, name = ("", *member.path.split("/"))
    archive = tree.tree.parts[member.part].name
    for candidate in (name, folder, archive):
        found = _TITLE.search(_COPY.sub("", candidate))
        if found:
            return (found["en"] or found["other"]).strip() or None
    return None

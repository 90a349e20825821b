"""The tables of the ledger, its mark and its version. Owns the shape of the file and no behaviour.

What the tables cannot hold is the point: of a content without the owner there is its SHA-256
and its size, and no column for a caption, a name, a place, a box or a count of faces.
"""

from __future__ import annotations

from typing import Final

APPLICATION_ID: Final = 0x5E1FC4EC  # "selfchec(k)", in the header of every ledger
VERSION: Final = 3

# Texts of untrusted origin are ANY: a lone surrogate has no UTF-8 form and is kept as a blob.
# Members of enumerations are kept by name: their values are wording and may be improved.
_ABSENT_PARTS: Final = """
    CREATE TABLE absent_parts (
        source INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        name ANY NOT NULL,
        PRIMARY KEY (source, place)
    ) STRICT, WITHOUT ROWID
    """
TABLES: Final = (
    """
    CREATE TABLE state (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        configuration TEXT,
        faces INTEGER NOT NULL  -- compared with the profile so far, the owner's own left out
    ) STRICT
    """,
    "INSERT INTO state (one, configuration, faces) VALUES (1, NULL, 0)",
    """
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY,
        command TEXT NOT NULL,
        assurance TEXT NOT NULL,
        isolation TEXT NOT NULL,  -- JSON list
        began TEXT NOT NULL,
        ended TEXT,
        outcome TEXT
    ) STRICT
    """,
    """
    CREATE TABLE written (
        path ANY PRIMARY KEY,
        kind TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE sources (
        id INTEGER PRIMARY KEY,
        label ANY NOT NULL,
        platform TEXT NOT NULL DEFAULT '',
        listing INTEGER NOT NULL DEFAULT 0,  -- number of the newest listing, complete or not
        unlisted INTEGER NOT NULL DEFAULT 0,
        addresses INTEGER NOT NULL DEFAULT 0  -- pictures that the export names by address only
    ) STRICT
    """,
    """
    CREATE TABLE parts (
        id INTEGER PRIMARY KEY,
        source INTEGER NOT NULL REFERENCES sources (id),
        fingerprint TEXT NOT NULL UNIQUE,
        place INTEGER,  -- index among the parts given last time; NULL: not given then
        path ANY NOT NULL,
        kind TEXT NOT NULL,
        name ANY NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE missing (
        source INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        path ANY NOT NULL,
        listed_in ANY NOT NULL,
        PRIMARY KEY (source, place)
    ) STRICT, WITHOUT ROWID
    """,
    _ABSENT_PARTS,
    """
    CREATE TABLE contents (
        id INTEGER PRIMARY KEY,
        sha256 BLOB NOT NULL UNIQUE,
        size INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX contents_by_size ON contents (size)",
    """
    CREATE TABLE matches (
        content INTEGER PRIMARY KEY REFERENCES contents (id) ON DELETE CASCADE,
        band TEXT NOT NULL,
        distance REAL NOT NULL,
        box_left INTEGER NOT NULL,
        box_top INTEGER NOT NULL,
        box_right INTEGER NOT NULL,
        box_bottom INTEGER NOT NULL,
        picture_width INTEGER NOT NULL,
        picture_height INTEGER NOT NULL,
        faces INTEGER NOT NULL,
        compared INTEGER NOT NULL,  -- its share of state.faces
        crop BLOB NOT NULL,  -- sealed under the profile's key
        second REAL,  -- of a film: where in it
        fingerprint BLOB NOT NULL DEFAULT x''  -- of a still, to find its other sizes by
    ) STRICT
    """,
    """
    CREATE TABLE findings (
        content INTEGER NOT NULL REFERENCES matches (content) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        leak TEXT NOT NULL,
        value ANY NOT NULL,
        PRIMARY KEY (content, place)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE items (
        id INTEGER PRIMARY KEY,
        source INTEGER NOT NULL REFERENCES sources (id),
        part INTEGER REFERENCES parts (id),  -- NULL: an entry that could not even be listed
        listing INTEGER NOT NULL,  -- the newest listing it was seen in
        ordinal INTEGER NOT NULL,  -- its place there
        key INTEGER NOT NULL,
        path ANY NOT NULL,
        locator ANY,  -- NULL: same as path
        shown ANY,  -- NULL: same as path
        size INTEGER NOT NULL,
        stamp INTEGER NOT NULL,
        crashes INTEGER NOT NULL DEFAULT 0,
        state TEXT NOT NULL CHECK (state IN ('pending', 'examined', 'ignored', 'skipped')),
        content INTEGER REFERENCES contents (id),
        why TEXT,  -- name of the Rule or the Reason
        detail ANY,
        CHECK ((state = 'examined') = (content IS NOT NULL)),
        CHECK ((state IN ('ignored', 'skipped')) = (why IS NOT NULL))
    ) STRICT
    """,
    "CREATE INDEX items_by_key ON items (source, key)",
    "CREATE INDEX items_by_state ON items (source, state, ordinal)",
    "CREATE INDEX items_by_content ON items (content, source) WHERE content IS NOT NULL",
    # The reference to `matches` makes a context of anything but a match impossible.
    """
    CREATE TABLE contexts (
        item INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        content INTEGER NOT NULL REFERENCES matches (content) ON DELETE CASCADE,
        platform TEXT NOT NULL,
        kind TEXT NOT NULL,
        permalink ANY,
        permalink_derived INTEGER NOT NULL,
        caption ANY,
        time TEXT,
        time_precision TEXT,
        author TEXT NOT NULL,
        author_name ANY,
        album ANY,
        audience TEXT NOT NULL,
        has_place INTEGER NOT NULL,
        latitude REAL,
        longitude REAL,
        place_name ANY,
        tagged INTEGER NOT NULL,
        listed_in ANY,
        PRIMARY KEY (item, place)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX contexts_by_content ON contexts (content)",
)

# What makes a ledger of one version one of the next, by the version it starts from.
CHANGES: Final = {
    1: (
        "ALTER TABLE matches ADD COLUMN second REAL",
        "ALTER TABLE matches ADD COLUMN fingerprint BLOB NOT NULL DEFAULT x''",
        # Version 1 left every film alone; now films are examined.
        "UPDATE items SET state = 'pending', why = NULL WHERE state = 'ignored' AND why = 'VIDEO'",
    ),
    2: (
        "ALTER TABLE sources ADD COLUMN addresses INTEGER NOT NULL DEFAULT 0",
        _ABSENT_PARTS,
    ),
}

# Children before parents, for emptying the file.
NAMES: Final = (
    "contexts",
    "items",
    "findings",
    "matches",
    "contents",
    "missing",
    "absent_parts",
    "parts",
    "sources",
    "written",
    "runs",
    "state",
)

"""The tables of the ledger, its mark and its version. Owns the shape of the file and no behaviour.

What the tables cannot hold is the point: of a content without the owner there is its SHA-256
and its size, and no column for a caption, a name, a place, a box or a count of faces.
"""

from __future__ import annotations

from typing import Final

APPLICATION_ID: Final = 0x5E1FC4EC  # "selfchec(k)", in the header of every ledger
VERSION: Final = 5

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
# Not bound to `contents`: what was asked for outlives the picture.
_REMOVALS: Final = """
    CREATE TABLE removals (
        picture BLOB NOT NULL,  -- SHA-256; empty: all pictures of the person
        door TEXT NOT NULL,
        state TEXT NOT NULL,
        since TEXT NOT NULL,
        kind TEXT,
        recipient ANY NOT NULL,
        asked_on TEXT,
        due_on TEXT,
        PRIMARY KEY (picture, door)
    ) STRICT, WITHOUT ROWID
    """
# Not bound to `contents` either: what was said of a picture outlives every rescan.
_DECISIONS: Final = """
    CREATE TABLE decisions (
        picture BLOB PRIMARY KEY,  -- SHA-256
        decision TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """
# Of web addresses. What a page says of a picture waits sealed until the picture is examined, and
# goes at once when it shows somebody else.
_WEB: Final = (
    """
    CREATE TABLE requests (
        id INTEGER PRIMARY KEY,
        run INTEGER NOT NULL REFERENCES runs (id),
        at TEXT NOT NULL,
        host ANY NOT NULL,
        method TEXT NOT NULL,
        address ANY NOT NULL,
        outcome TEXT NOT NULL,
        status INTEGER,
        sent INTEGER NOT NULL,
        received INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX requests_by_run ON requests (run)",
    """
    CREATE TABLE named (
        item INTEGER PRIMARY KEY REFERENCES items (id) ON DELETE CASCADE,
        sealed BLOB NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE answers (
        item INTEGER PRIMARY KEY REFERENCES items (id) ON DELETE CASCADE,
        final ANY NOT NULL,  -- where redirects led
        etag ANY NOT NULL,
        last_modified ANY NOT NULL,
        at TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE standings (
        item INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
        at TEXT NOT NULL,
        standing TEXT NOT NULL,
        detail ANY NOT NULL,
        PRIMARY KEY (item, at)
    ) STRICT, WITHOUT ROWID
    """,
)
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
        outcome TEXT,
        pages INTEGER NOT NULL DEFAULT 0  -- addresses of the user's that were asked
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
        -- Of a film: where in it.
        second REAL,
        -- Of a still, to find its other sizes by.
        fingerprint BLOB NOT NULL DEFAULT x'',
        -- What was seen of the face; NULL: it was not measured.
        width INTEGER,
        sharpness REAL,
        yaw REAL,
        pitch REAL,
        contrast REAL,
        evenness REAL,
        drawn REAL
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
        answered TEXT,  -- of a web address: when it was asked
        modified TEXT,  -- and of when the picture is, by its host's account
        PRIMARY KEY (item, place)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX contexts_by_content ON contexts (content)",
    *_WEB,
    _REMOVALS,
    _DECISIONS,
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
    3: (
        "ALTER TABLE runs ADD COLUMN pages INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE contexts ADD COLUMN answered TEXT",
        "ALTER TABLE contexts ADD COLUMN modified TEXT",
        *_WEB,
    ),
    4: (
        "ALTER TABLE matches ADD COLUMN width INTEGER",
        "ALTER TABLE matches ADD COLUMN sharpness REAL",
        "ALTER TABLE matches ADD COLUMN yaw REAL",
        "ALTER TABLE matches ADD COLUMN pitch REAL",
        "ALTER TABLE matches ADD COLUMN contrast REAL",
        "ALTER TABLE matches ADD COLUMN evenness REAL",
        "ALTER TABLE matches ADD COLUMN drawn REAL",
        _REMOVALS,
        _DECISIONS,
    ),
}

# Children before parents, for emptying the file.
NAMES: Final = (
    "decisions",
    "removals",
    "named",
    "answers",
    "standings",
    "requests",
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

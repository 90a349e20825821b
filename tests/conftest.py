"""A synthetic owner, enrolled through the gate like anybody else: there is no way round it."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest
from stage import Export, Filming, Footage, Owner, draw_export, willing

from selfcheck.demo.owner import OWNER
from selfcheck.identity import PassphraseKeys, key_file
from selfcheck.privacy.paths import Home

# A shell that starts the tests in the background has them ignore Ctrl-C, and commands inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

PASSPHRASE = "people who do not exist"


@pytest.fixture(scope="session")
def footage() -> Footage:
    """Film the owner's steps, each when it is first asked for."""
    return Footage(OWNER)


@pytest.fixture(scope="session")
def enrolled(tmp_path_factory: pytest.TempPathFactory, footage: Footage) -> Owner:
    """Enrol once a session: drawing the film and watching it takes its time."""
    from datetime import UTC, datetime

    from selfcheck.demo.owner import write_references
    from selfcheck.flows.enrol import enrol
    from selfcheck.identity import Consent

    folder = tmp_path_factory.mktemp("owner")
    home = Home(root=folder / "home")
    home.prepare()
    passphrase_file = folder / "passphrase"
    passphrase_file.write_text(PASSPHRASE + "\n")
    passphrase_file.chmod(0o600)
    keys = PassphraseKeys(key_file(home.profile), lambda *, new: PASSPHRASE)
    film = folder / "film.mp4"
    photos = write_references(folder / "photos")
    cache = home.root / "cache"
    filming = Filming(film, willing(footage))
    enrol(
        photos,
        home=home,
        keys=keys,
        consent=Consent(text="test", given=datetime.now(UTC), adult=True),
        check=filming,
        clock=filming.clock,
        cache=cache,
    )
    return Owner(
        home=home,
        keys=keys,
        photos=photos,
        film=film,
        passphrase_file=passphrase_file,
        cache=cache,
    )


@pytest.fixture(scope="session")
def seen(enrolled: Owner, tmp_path_factory: pytest.TempPathFactory) -> Owner:
    """Verify the owner by camera, in a home of their own: web addresses want no less."""
    from selfcheck.demo.impostors import Living
    from selfcheck.demo.viewfinder import before
    from selfcheck.flows.enrol import verify
    from selfcheck.flows.live import LiveCheck

    home = Home(root=tmp_path_factory.mktemp("seen") / "home")
    shutil.copytree(enrolled.home.root, home.root, ignore=shutil.ignore_patterns("ledger*"))
    home.root.chmod(0o700)
    keys = PassphraseKeys(key_file(home.profile), lambda *, new: PASSPHRASE)
    check = LiveCheck(viewfinder=partial(before, Living(OWNER)))
    verify(home=home, keys=keys, check=check, cache=enrolled.cache)
    return replace(enrolled, home=home, keys=keys)


@pytest.fixture
def seen_owner(seen: Owner) -> Iterator[Owner]:
    """Give the owner who was seen by a camera, with nothing scanned yet."""
    seen.forget_scans()
    yield seen
    seen.forget_scans()


@pytest.fixture
def owner(enrolled: Owner) -> Iterator[Owner]:
    """Give the enrolled owner with nothing scanned yet and no failed checks on record."""
    enrolled.forget_scans()
    enrolled.home.attempts.unlink(missing_ok=True)
    yield enrolled
    enrolled.forget_scans()


@pytest.fixture(scope="session")
def export(tmp_path_factory: pytest.TempPathFactory) -> Export:
    """Draw one small export for everybody."""
    return draw_export(tmp_path_factory.mktemp("export"))

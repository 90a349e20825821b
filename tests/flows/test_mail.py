"""Pictures in mail, saved pages and exports with absent parts, from the file to the report."""

from __future__ import annotations

import base64
from email.message import EmailMessage
from pathlib import Path

from stage import Export, Owner, places, report, run

from selfcheck.model import Audience, Event, PictureKind, Stage


def mail(subject: str, picture: bytes) -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = "anna@example.org", "ben@example.org"
    message["Subject"], message["Delivered-To"] = subject, "ben@example.org"
    message.set_content("See the picture.")
    message.add_attachment(picture, maintype="image", subtype="jpeg", filename="a.jpg")
    return b"From x Mon Jan 02 15:04:05 2023\n" + message.as_bytes() + b"\n\n"


def test_the_owner_is_found_in_a_mailbox_and_of_others_nothing_is_kept(
    owner: Owner, export: Export, tmp_path: Path
) -> None:
    mine = min(export.owner)
    theirs = next(
        name for name in export.files if name not in export.owner and name.endswith(".jpg")
    )
    box = tmp_path / "post" / "Inbox.mbox"
    box.parent.mkdir()
    box.write_bytes(
        mail("SECRET of others", export.files[theirs]) + mail("Garden", export.files[mine])
    )
    outcome = run(owner, box.parent)
    assert outcome.accounting.balances()
    assert outcome.accounting.found == 3  # two pictures, and what the mailbox tells
    found = report(owner)
    assert places(found) == {"Inbox.mbox/2/1 a.jpg"}
    (context,) = found.exposures[0].occurrences[0].contexts
    assert (context.platform, context.kind) == ("Mail", PictureKind.MESSAGE)
    assert (context.caption, context.author_name) == ("Garden", "anna@example.org")
    assert context.audience is Audience.DIRECT
    assert b"SECRET" not in owner.home.ledger.read_bytes()
    assert run(owner, box.parent).settled == 0


def test_mail_beside_pictures_does_not_hide_how_far_a_scan_has_come(
    owner: Owner, export: Export, tmp_path: Path
) -> None:
    folder = export.folder(tmp_path / "mine", sorted(export.owner)[:1])
    (folder / "a.mbox").write_bytes(mail("Garden", export.files[max(export.owner)]))
    events: list[Event] = []
    run(owner, folder, on_event=events.append)
    totals = [one.total for one in events if one.stage is Stage.EXAMINING]
    assert totals[0] == 1
    assert totals[-1] is None


def test_a_part_that_was_not_given_is_in_the_report_until_it_is(
    owner: Owner, export: Export, tmp_path: Path
) -> None:
    stamp = "takeout-20240102T030405Z"
    for number in (1, 3):
        (tmp_path / f"{stamp}-00{number}.zip").write_bytes(export.zip.read_bytes())
    (tmp_path / f"{stamp}-003.zip").write_bytes(export.tar.read_bytes())
    run(owner, tmp_path)
    assert [one.absent_parts for one in report(owner).sources] == [(f"{stamp}-002.zip",)]


def test_the_owner_is_found_in_a_page_that_singlefile_saved(
    owner: Owner, export: Export, tmp_path: Path
) -> None:
    inlined = base64.b64encode(export.files[min(export.owner)]).decode()
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "Anna.html").write_text(
        "<html><!--\n Page saved with SingleFile \n url: https://a.example/anna \n--><title>Anna"
        f'</title><img src="data:image/jpeg;base64,{inlined}" alt="In the garden">'
        f"<style>:root{{--sf-img-1:url(data:image/jpeg;base64,{inlined})}}</style>"
    )
    outcome = run(owner, folder)
    assert outcome.accounting.balances()
    assert outcome.accounting.found == 2  # the picture once, and what the page tells
    found = report(owner)
    assert places(found) == {"Anna.html/1/1 picture.jpeg"}
    (context,) = found.exposures[0].occurrences[0].contexts
    assert (context.platform, context.kind) == ("Saved page", PictureKind.PAGE)
    assert (context.permalink, context.caption) == ("https://a.example/anna", "In the garden")
    assert run(owner, folder).settled == 0

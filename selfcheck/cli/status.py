"""`selfcheck status`: what is known and pending, and until when the verification holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from selfcheck.flows.status import Status

NAME = "status"


def command() -> None:
    """Show what is known and pending, and until when the verification holds."""
    from datetime import UTC, datetime

    from rich.table import Column, Table

    from selfcheck.cli import room
    from selfcheck.cli.speak import data
    from selfcheck.flows.report import FURTHER_PAGE
    from selfcheck.flows.status import look
    from selfcheck.privacy.text import for_terminal
    from selfcheck.reports.words import count, sum_line

    home = room.home()
    room.offline()
    now = datetime.now(UTC)
    seen = look(home=home, keys=room.keys(home), now=now)
    out = data()
    out.print("Enrolled." if seen.enrolled else "Not enrolled yet: selfcheck enroll PHOTO...")
    if seen.verified_until is not None:
        until = seen.verified_until.astimezone().strftime("%Y-%m-%d %H:%M")
        out.print(f"Verified ({seen.assurance}) until {until}.")
    elif seen.enrolled:
        out.print(f"Not verified: {for_terminal(seen.not_verified)}")
    if seen.last_check is not None:
        tried = seen.last_check
        at = tried.at.astimezone().strftime("%Y-%m-%d %H:%M")
        how, outcome = for_terminal(tried.how), for_terminal(tried.outcome)
        out.print(f"Last check of the person: {at}, {how}: {outcome}.")
    if seen.accounting is None:
        out.print("Nothing was scanned yet.")
        return
    out.print(sum_line(seen.accounting))
    table = Table(Column("source", overflow="fold"), "platform", "found", "pending", "skipped")
    for source in seen.sources:
        counts = (source.accounting.found, source.accounting.pending, source.accounting.skipped)
        names = (for_terminal(source.label), for_terminal(source.platform))
        table.add_row(*names, *(str(count) for count in counts))
    out.print(table)
    _tell_of_letters(seen, now.astimezone().date())
    for file in seen.written:
        if file.kind != FURTHER_PAGE:
            out.print(f"Written: {for_terminal(str(file.path), 1000)} ({file.kind})")
    if further := sum(file.kind == FURTHER_PAGE for file in seen.written):
        out.print(f"And {count(further, FURTHER_PAGE, 'further pages of reports')} beside them.")


def _tell_of_letters(seen: Status, today: date) -> None:
    """Say how many answers are awaited and when the next one is due, then which are due now."""
    from selfcheck.cli.speak import data
    from selfcheck.flows.removing import called
    from selfcheck.privacy.text import for_terminal
    from selfcheck.removal.words import day

    if seen.asked:
        then = "no answer came in time."
        for one in seen.asked:
            if one.due_on is not None and one.due_on >= today:
                then = f"the next answer is due on {day(one.due_on)} ({for_terminal(one.to)})."
                break
        data().print(f"Asked: {len(seen.asked)}; {then}")
    for each in seen.due:
        who = for_terminal(each.removal.to)
        when = f"was due on {each.due_on}" if each.late > 0 else f"is due on {each.due_on}"
        data().print(f"An answer of {who} {when}: selfcheck remove {called(each.removal)}")

"""The one socket of a page, made before the network is given up."""

from __future__ import annotations

import socket

from selfcheck.errors import SelfcheckError

HOST = "127.0.0.1"
# A browser opens six connections at once, and the server may be a second in starting.
_WAITING = 16


def listener(*, without: str = "--film") -> socket.socket:
    """Listen on a free port of this computer, reachable from nowhere else.

    Call it before `privacy.network.forbid`, which lets no such socket be made. `without` is the
    option that does without a page. Raises SelfcheckError where none can be had.
    """
    try:
        return socket.create_server((HOST, 0), backlog=_WAITING)
    except OSError as error:
        raise SelfcheckError(
            "This computer lets no page be opened, because no port of its own is free.",
            hint=f"check the firewall, or run the command again with {without}",
        ) from error


def port_of(listening: socket.socket) -> int:
    """Tell the port on which a socket listens."""
    return int(listening.getsockname()[1])

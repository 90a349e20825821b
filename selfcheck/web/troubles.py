"""Why a page cannot use the camera: what it says, and what the terminal says. Values only."""

from __future__ import annotations

from enum import StrEnum


class CameraTrouble(StrEnum):
    """What keeps a browser from the camera. The values are the page's words for it."""

    REFUSED = "refused"
    MISSING = "missing"
    BUSY = "busy"
    UNSUITABLE = "unsuitable"
    LOST = "lost"
    UNSUPPORTED = "unsupported"

    @property
    def sentence(self) -> str:
        """Say what is wrong."""
        return _SENTENCES[self]

    @property
    def mend(self) -> str:
        """Say to somebody who looks at the page what to do."""
        return _MENDS[self]

    @property
    def hint(self) -> str:
        """Say to somebody who is back in the terminal what to do."""
        return f"{_HINTS[self]}, or film yourself: the same command with --film"


_SENTENCES = {
    CameraTrouble.REFUSED: "The browser has no camera it may use: permission was refused.",
    CameraTrouble.MISSING: "The browser finds no camera.",
    CameraTrouble.BUSY: "The camera is in use by another program.",
    CameraTrouble.UNSUITABLE: "The camera cannot give the picture that is needed.",
    CameraTrouble.LOST: "The camera stopped in the middle of the check.",
    CameraTrouble.UNSUPPORTED: "This browser lets no page use a camera.",
}
_MENDS = {
    CameraTrouble.REFUSED: (
        "Allow the camera for this page: press the camera or lock symbol beside the address at"
        " the top of the window. Then try again. If nothing changes, the system's own privacy"
        " settings may keep the camera from the browser."
    ),
    CameraTrouble.MISSING: (
        "Plug a camera in, switch it on or open its cover. Then try again. Without a camera here,"
        " film yourself with a phone: stop the command and run it again with --film."
    ),
    CameraTrouble.BUSY: "Close the other program, such as a video call. Then try again.",
    CameraTrouble.UNSUITABLE: "Choose another camera in the browser's settings. Then try again.",
    CameraTrouble.LOST: (
        "Plug the camera in again, open its cover, and close other programs that use it. Then try"
        " again."
    ),
    CameraTrouble.UNSUPPORTED: (
        "Use a current Chrome, Edge, Firefox or Safari: stop the command, make that the standard"
        " browser, and run it again."
    ),
}
_HINTS = {
    CameraTrouble.REFUSED: "allow the camera for this page in the browser",
    CameraTrouble.MISSING: "plug a camera in",
    CameraTrouble.BUSY: "close the other program",
    CameraTrouble.UNSUITABLE: "choose another camera in the browser's settings",
    CameraTrouble.LOST: "plug the camera in again",
    CameraTrouble.UNSUPPORTED: "use a current Chrome, Edge, Firefox or Safari",
}

"""Pages on this computer only, each served by a process that holds nothing of the owner's.

Owns serving, its guard and what the pages look like; what is decided by what comes in is `flows`'.
"""

from selfcheck.web.camera import CameraPage
from selfcheck.web.listening import listener
from selfcheck.web.review import ReviewPage

__all__ = ["CameraPage", "ReviewPage", "listener"]

"""Why a check said no: one sentence for people each, and what would help. Values only."""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    """Why a film, a live check or a hand-over was refused. The value is shown to people."""

    NO_PICTURES = "no pictures came that could be looked at"
    TOO_FEW_FRAMES = "fewer than eight pictures a second could be looked at"
    TOO_LONG = "it took longer than it may"
    NO_FACE = "no face is seen most of the time"
    TOO_SMALL = "the face is too small in the picture"
    TWO_PEOPLE = "a second person is in the picture"
    LOST = "the face leaves the picture in the middle"
    JUMP = "the face jumps from one place or pose to another, as in a film that was cut"
    CHANGED = "it is not the same face from beginning to end"
    NO_NEUTRAL_START = "it does not begin with a calm face looking straight at the camera"
    LIFELESS = "the face never moves by itself, as on a photo"
    WRONG_STEP = "something was done that was not asked for"
    WRONG_ORDER = "the steps were done in another order"
    STEP_MISSING = "a step is missing"
    CUT_SHORT = "it ends before the last step was seen"
    NO_NEUTRAL_BETWEEN = "two steps run into each other, without looking straight in between"
    FLAT = "what is moved in front of the camera is flat, as a photo is"
    NOT_DEEP = "the face does not move as the deep thing that a head is"
    MIRRORED = "left and right are swapped"
    TOO_QUICK = "a step was done before anybody could have read what to do"
    TOO_SLOW = "a step was done too late"
    LIGHT_OTHERWISE = "the face was lit in other colours than the screen showed"
    LIGHT_SCREEN = "the room answered the screen's colours, and the face did not, as on a screen"
    TOO_LATE = "the film was handed over more than twenty minutes after the challenge"
    BEFORE_CHALLENGE = "the film was handed over before its challenge was given"
    OTHER_TIME = "by its own account the film was not made within the five minutes"
    SEEN_BEFORE = "this film was accepted before"
    OTHER_PERSON = "the face is not the one on the reference photos"
    OTHER_REFERENCE = "one of the reference photos does not show this person"
    NO_CODES = "fewer than three of the codes on this computer's screen are seen in the film"
    CODES_NOT_FIRST = "the film does not begin on this computer's screen"
    CODES_ELSEWHERE = "the film shows codes of another check"
    CODES_OUT_OF_ORDER = "the codes come in another order than on the screen, or some are left out"
    CODES_OUT_OF_TIME = "the codes come at other times than on the screen"
    CODES_TOO_LATE = "by its codes the film was made more than five minutes after the challenge"
    FAR_FROM_FACE = "no face is seen within fifteen seconds after the last code"
    CUT = "the film is cut between the screen and the face"

    @property
    def hint(self) -> str:
        """Say what would help."""
        return _HINTS[self]


_AGAIN = "ask for a new challenge and film it"
_ORDER = (
    "do the five steps in their order, hold each for a second, look straight at the camera for a"
    " second after each, and do nothing else in between"
)
_SCREEN = (
    "film the code on the screen until it has changed three times, so near that it fills half the"
    " picture's height"
)
_HINTS = {
    Refusal.NO_PICTURES: "film again with any camera program and hand over the file it made",
    Refusal.TOO_FEW_FRAMES: "close other programs; a film needs light, and 24 pictures a second",
    Refusal.TOO_LONG: "film the five steps only; a minute is plenty",
    Refusal.NO_FACE: "sit in even light, with your whole face in the picture",
    Refusal.TOO_SMALL: "hold the camera at arm's length, so that your face fills a third",
    Refusal.TWO_PEOPLE: "be alone in the picture; take down portraits behind you",
    Refusal.LOST: "keep your whole face in the picture until the last step is done",
    Refusal.JUMP: "move without haste, and stay in view; a film that was edited will not do",
    Refusal.CHANGED: "be there alone, in even light, from beginning to end",
    Refusal.NO_NEUTRAL_START: "look straight at the camera for two seconds, mouth closed",
    Refusal.LIFELESS: "turn your head itself, farther than feels natural; a photo will not do",
    Refusal.WRONG_STEP: _ORDER,
    Refusal.WRONG_ORDER: _ORDER,
    Refusal.STEP_MISSING: "make each step larger and hold it for a second",
    Refusal.CUT_SHORT: "make each step larger, as soon as it is asked for; film until the last one",
    Refusal.NO_NEUTRAL_BETWEEN: "look straight at the camera for a second after each step",
    Refusal.FLAT: "be there yourself; no photo will do, however it is held",
    Refusal.NOT_DEEP: "turn your head itself, and farther; no photo will do, flat or bent",
    Refusal.MIRRORED: "turn to your own left and right, and switch mirroring off",
    Refusal.TOO_QUICK: "wait until you are asked, then do the step",
    Refusal.TOO_SLOW: "do each step within a few seconds of being asked",
    Refusal.LIGHT_OTHERWISE: "look at the page, and let no other screen light your face",
    Refusal.LIGHT_SCREEN: "be there yourself; a film on a screen will not do",
    Refusal.TOO_LATE: _AGAIN,
    Refusal.BEFORE_CHALLENGE: "set this computer's clock, ask for a new challenge and film it",
    Refusal.OTHER_TIME: "set the camera's clock, ask for a new challenge and film it",
    Refusal.SEEN_BEFORE: _AGAIN,
    Refusal.OTHER_PERSON: "only the person on the photos can be checked; enroll your own photos",
    Refusal.OTHER_REFERENCE: "leave that photo out, or take a newer one of yourself",
    Refusal.NO_CODES: _SCREEN,
    Refusal.CODES_NOT_FIRST: "point the camera at the code first, then start to film",
    Refusal.CODES_ELSEWHERE: "film the code that is on the screen now, and no other",
    Refusal.CODES_OUT_OF_ORDER: "film in one go, at normal speed, and do not edit the film",
    Refusal.CODES_OUT_OF_TIME: "film in one go, at normal speed, and do not edit the film",
    Refusal.CODES_TOO_LATE: _AGAIN,
    Refusal.FAR_FROM_FACE: "turn the camera from the code to your face at once, and stay in view",
    Refusal.CUT: "turn the camera from the code to your face in two or three seconds, not faster",
}

"""Finds faces in pixels and encodes them. Knows no person, keeps nothing, compares nothing.

The only door to dlib, face_recognition and onnxruntime; importing it loads none of them.
"""

from selfcheck.faces.carried import around, enlarged, mirrored
from selfcheck.faces.engine import LEVELS, ROUGHLY, SMALLEST, Engine, Face, open_engine
from selfcheck.faces.landmarks import landmarks68
from selfcheck.faces.quality import Quality, quality

__all__ = [
    "LEVELS",
    "ROUGHLY",
    "SMALLEST",
    "Engine",
    "Face",
    "Quality",
    "around",
    "enlarged",
    "landmarks68",
    "mirrored",
    "open_engine",
    "quality",
]

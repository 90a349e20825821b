"""Finds faces in pixels and encodes them. Knows no person, keeps nothing, compares nothing.

The only door to dlib, face_recognition and onnxruntime; importing it loads none of them.
"""

from selfcheck.faces.carried import around, enlarged, mirrored
from selfcheck.faces.engine import LEVELS, ROUGHLY, SMALLEST, Engine, Face, open_engine
from selfcheck.faces.landmarks import landmarks68
from selfcheck.faces.quality import MEASURES, quality

__all__ = [
    "LEVELS",
    "MEASURES",
    "ROUGHLY",
    "SMALLEST",
    "Engine",
    "Face",
    "around",
    "enlarged",
    "landmarks68",
    "mirrored",
    "open_engine",
    "quality",
]

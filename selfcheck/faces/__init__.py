"""Finds faces in pixels and encodes them. Knows no person, keeps nothing, compares nothing.

The only door to dlib, face_recognition and onnxruntime; importing it loads none of them.
"""

from selfcheck.faces.engine import SMALLEST, Engine, Face, open_engine
from selfcheck.faces.landmarks import landmarks68
from selfcheck.faces.quality import Quality, quality

__all__ = ["SMALLEST", "Engine", "Face", "Quality", "landmarks68", "open_engine", "quality"]

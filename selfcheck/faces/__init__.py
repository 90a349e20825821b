"""Finds faces in pixels and encodes them. Knows no person, keeps nothing, compares nothing.

The only door to dlib, face_recognition and onnxruntime; importing it loads none of them.
"""

from selfcheck.faces.engine import Engine, Face, open_engine

__all__ = ["Engine", "Face", "open_engine"]

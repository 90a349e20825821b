"""From a page's bytes to text: byte order mark, HTTP's charset, `<meta charset>`, else UTF-8."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SNIFFED = 1024
_META = re.compile(
    rb"<meta[^>]{0,500}?charset\s{0,20}=\s{0,20}[\"']?\s{0,20}([\w.:-]{1,40})", re.IGNORECASE
)
# Labels of the Encoding Standard that pages use, and Python's codec for each. A label is never
# looked up by itself: Python has codecs that are no character sets.
_CODECS = {
    "utf-8": ("utf8", "unicode-1-1-utf-8"),
    "utf-16-le": ("utf-16", "utf-16le", "unicode", "ucs-2"),
    "utf-16-be": ("utf-16be",),
    "cp1252": ("windows-1252", "iso-8859-1", "iso8859-1", "latin1", "l1", "ascii", "us-ascii"),
    "cp1250": ("windows-1250",),
    "cp1251": ("windows-1251",),
    "cp1253": ("windows-1253",),
    "cp1254": ("windows-1254", "iso-8859-9", "latin5"),
    "cp1255": ("windows-1255",),
    "cp1256": ("windows-1256",),
    "cp1257": ("windows-1257",),
    "cp1258": ("windows-1258",),
    "cp874": ("windows-874", "tis-620", "iso-8859-11"),
    "cp866": ("ibm866",),
    "iso8859-2": ("iso-8859-2", "latin2"),
    "iso8859-3": ("iso-8859-3",),
    "iso8859-4": ("iso-8859-4",),
    "iso8859-5": ("iso-8859-5",),
    "iso8859-6": ("iso-8859-6",),
    "iso8859-7": ("iso-8859-7",),
    "iso8859-8": ("iso-8859-8", "iso-8859-8-i"),
    "iso8859-10": ("iso-8859-10",),
    "iso8859-13": ("iso-8859-13",),
    "iso8859-14": ("iso-8859-14",),
    "iso8859-15": ("iso-8859-15", "latin9"),
    "iso8859-16": ("iso-8859-16",),
    "koi8-r": ("koi8", "koi8_r"),
    "koi8-u": ("koi8-ru",),
    "mac-roman": ("macintosh", "x-mac-roman"),
    "mac-cyrillic": ("x-mac-cyrillic",),
    "gb18030": ("gbk", "gb2312", "gb_2312-80", "x-gbk"),
    "big5hkscs": ("big5", "big5-hkscs", "x-x-big5"),
    "cp932": ("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j", "ms932"),
    "euc_jp": ("euc-jp", "x-euc-jp"),
    "iso2022_jp": ("iso-2022-jp",),
    "cp949": ("euc-kr", "ks_c_5601-1987", "windows-949", "korean"),
}
_BY_LABEL = {label: codec for codec, labels in _CODECS.items() for label in (codec, *labels)}


def decode(data: bytes, charset: str | None) -> str:
    """Decode a page; `charset` is what its HTTP header says. What fits no character is replaced."""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(codec, "replace")
    return data.decode(_said(charset) or _declared(data[:_SNIFFED]) or "utf-8", "replace")


def _said(label: str | None) -> str | None:
    return _BY_LABEL.get(label.strip(" \t\r\n\"'").lower()) if label else None


def _declared(start: bytes) -> str | None:
    if not (found := _META.search(start)):
        return None
    codec = _said(found[1].decode("ascii", "replace"))
    # A page that can be read so far is not in UTF-16, whatever it says.
    return "utf-8" if codec and codec.startswith("utf-16") else codec

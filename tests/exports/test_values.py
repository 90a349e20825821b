"""Values of documents are read by shape; what has the wrong type is as good as absent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfcheck.exports import values
from selfcheck.model import Place

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(JSON)
def test_any_value_is_read_without_error(value: object) -> None:
    values.moment(value, [value])
    values.iso(value)
    values.place(value, value, None)
    values.mended(value)
    values.caption(value, value)
    values.at(value, "a", "b")
    list(values.deep(value, "a"))
    assert isinstance(values.items(value), list)


@pytest.mark.parametrize("value", [0, "0", None, "", True, -62169958800, 1e300, "nan", "x", 10**15])
def test_time_that_means_nothing_is_no_time(value: object) -> None:
    assert values.moment(value) is None


def test_time_is_read_in_seconds_milliseconds_and_as_text() -> None:
    found = {values.moment(v) for v in (1500000000, 1500000000000, "1500000000", 1500000000.7)}
    assert [str(m.when) for m in found if m] == ["2017-07-14 02:40:00+00:00"]


def test_time_before_1970_is_a_time() -> None:
    found = values.moment(-86400)
    assert found
    assert str(found.when) == "1969-12-31 00:00:00+00:00"


@pytest.mark.parametrize(("north", "east"), [(0, 0), (91, 0), (0, 181), (None, 1), ("x", 1)])
def test_position_that_is_none_is_no_place(north: object, east: object) -> None:
    assert values.place(north, east) is None
    assert values.place(north, east, "Lake") == Place(name="Lake")


def test_position_on_the_equator_is_a_place() -> None:
    assert values.place(0, 6.5) == Place(latitude=0.0, longitude=6.5)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Caf\u00c3\u00a9 \u00f0\u009f\u0098\u0080", "Café 😀"),
        ("Café", "Café"),
        ("Caf\u00c3\u00a9 and Café", "Café and Café"),
        ("日本 \u00c3\u00a9", "日本 é"),
        ("Ã", "Ã"),
        ("\u00ed\u00a0\u0080", "\u00ed\u00a0\u0080"),
        ("  blank  ", "blank"),
    ],
)
def test_text_of_bytes_is_mended_and_right_text_left_alone(written: str, read: str) -> None:
    assert values.mended(written) == read


@given(st.text().filter(str.strip))
def test_every_text_that_meta_spoils_is_mended(text: str) -> None:
    spoilt = text.encode("utf-8", errors="replace").decode("latin-1")
    if spoilt.strip() == spoilt:
        whole = spoilt.encode("latin-1").decode()
        assert values.mended(spoilt) == (whole.strip() or None)


def test_caption_joins_each_text_once_and_resolves_entities() -> None:
    assert values.caption("Tom &amp; Jerry", "", None, "Tom &amp; Jerry", "more") == (
        "Tom & Jerry\nmore"
    )
    assert values.caption(None, " ") is None


@pytest.mark.parametrize(
    ("written", "when", "precision"),
    [
        ("2022-01-27T15:58:52.744Z", "2022-01-27T15:58:52+00:00", "second"),
        ("2022-01-27T15:58:52+02:00", "2022-01-27T15:58:52+02:00", "second"),
        ("2022-01-27 15:58:52", "2022-01-27T15:58:52", "second"),
        ("2022-01-27T15:58-07:00", "2022-01-27T15:58:00-07:00", "minute"),
        (" 2022-01-27 ", "2022-01-27T00:00:00", "day"),
    ],
)
def test_time_in_iso_8601_keeps_its_zone(written: str, when: str, precision: str) -> None:
    found = values.iso(written)
    assert found is not None
    assert (found.when.isoformat(), found.precision) == (when, precision)


@pytest.mark.parametrize(
    ("written", "when"),
    [
        ("2024-01-02 03:04:05", "2024-01-02T03:04:05+00:00"),
        ("2024-01-02 03:04:05 UTC", "2024-01-02T03:04:05+00:00"),
        ("2024-01-02 03:04:05+02:00", "2024-01-02T03:04:05+02:00"),
    ],
)
def test_time_without_zone_is_utc_where_a_platform_writes_that(written: str, when: str) -> None:
    found = values.utc(written)
    assert found
    assert found.when.isoformat() == when
    assert values.utc("soon") is None


@pytest.mark.parametrize("value", [None, 7, "", "soon", "0001-01-01T00:00:00Z", "2022-13-01"])
def test_text_that_is_no_time_is_none(value: object) -> None:
    assert values.iso(value) is None

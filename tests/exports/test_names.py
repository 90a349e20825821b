"""Times that cameras and programs write into file names."""

from __future__ import annotations

import pytest

from selfcheck.exports.names import time_in


@pytest.mark.parametrize(
    "name",
    [
        "",
        "DSC_0001.jpg",
        "99999999_999999.jpg",
        "20231399_120000.jpg",
        "IMG_20230230_120000.jpg",
        "123456789012345678901234567890.jpg",
        "11112222_333344445555_n.jpg",
        "20230615.jpg",
    ],
)
def test_name_without_a_known_time_tells_none(name: str) -> None:
    assert time_in(name) is None


@pytest.mark.parametrize(
    ("name", "when"),
    [
        ("a/IMG_20230615_143022.jpg", "2023-06-15T14:30:22 second"),
        ("PXL_20230615_143022123.jpg", "2023-06-15T14:30:22+00:00 second"),
        ("PXL_20230615_143022123.MP.jpg", "2023-06-15T14:30:22+00:00 second"),
        ("IMG-20230325-WA0122.jpg", "2023-03-25T00:00:00 day"),
        ("Screenshot_20200229-101112.png", "2020-02-29T10:11:12 second"),
        ("Screenshot 2021-05-06 at 07.08.09.png", "2021-05-06T07:08:09 second"),
        ("signal-2021-05-06-070809.jpg", "2021-05-06T07:08:09 second"),
        ("2021-05-06 07.08.09.jpg", "2021-05-06T07:08:09 second"),
        ("WhatsApp Image 2021-05-06.jpeg", "2021-05-06T00:00:00 day"),
    ],
)
def test_time_is_read_with_its_precision_and_its_zone_where_known(name: str, when: str) -> None:
    found = time_in(name)
    assert found
    assert f"{found.when.isoformat()} {found.precision}" == when

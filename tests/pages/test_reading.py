"""The rules by which a page is read, one by one."""

from __future__ import annotations

import base64

import pytest

from selfcheck import pages
from selfcheck.pages.values import LeftOut, Page, Where

TOP = "https://a.example/"


def read(markup: str | bytes, charset: str | None = None, address: str = TOP) -> Page:
    data = markup.encode() if isinstance(markup, str) else markup
    return pages.read(data, address=address, charset=charset)


def found(markup: str) -> list[tuple[str, ...]]:
    return [
        tuple(address.removeprefix(TOP) for address in image.addresses)
        for image in read(markup).images
    ]


# --- what is left out ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "rule"),
    [
        ("<img src=a.jpg width=48 height=48>", LeftOut.TINY),
        ("<img src=a.jpg style='width:16px;height:16px'>", LeftOut.TINY),
        ("<img src=a.jpg width=1 height=1>", LeftOut.TRACKER),
        ("<img src=a.jpg width=0 height=0>", LeftOut.TRACKER),
        ("<img src='https://www.facebook.com/tr?id=1'>", LeftOut.TRACKER),
        ("<img src='https://b.example/pixel.gif'>", LeftOut.TRACKER),
        ("<img src=/favicon.png>", LeftOut.ICON),
        ("<img src=/i/main-sprite.png>", LeftOut.ICON),
        ("<img src=/spacer.gif>", LeftOut.ICON),
        ("<link rel='shortcut icon' href=/x.png>", LeftOut.ICON),
        ("<img src=a.svg>", LeftOut.DRAWING),
        ("<img src='data:image/svg+xml,<svg/>'>", LeftOut.DRAWING),
        (f"<img src='data:image/png;base64,{'A' * 2000}'>", LeftOut.SMALL_DATA),
        (f"<img src='data:image/png;base64,{'A' * 4001}'>", LeftOut.BROKEN_DATA),
        ("<img src='javascript:alert(1)'>", LeftOut.NO_WEB_ADDRESS),
        ("<img src='file:///etc/passwd'>", LeftOut.NO_WEB_ADDRESS),
        ("<img src='https://user:password@b.example/a.jpg'>", LeftOut.NO_WEB_ADDRESS),
        ("<img src='https://b.example:99999/a.jpg'>", LeftOut.NO_WEB_ADDRESS),
        ("<img src='http://[::1/a.jpg'>", LeftOut.NO_WEB_ADDRESS),
        ("<img src='https://'>", LeftOut.NO_WEB_ADDRESS),
    ],
)
def test_what_shows_nobody_or_cannot_be_asked_for_is_left_out(markup: str, rule: LeftOut) -> None:
    page = read(markup * 2)
    assert page.images == ()
    assert page.left_out == ((rule, 1),)


def test_a_tiny_image_of_which_a_larger_one_is_named_is_kept() -> None:
    assert found("<img src=a.jpg width=40 height=40 srcset='b.jpg 40w, c.jpg 400w'>") == [
        ("c.jpg", "b.jpg", "a.jpg")
    ]
    assert found("<a href=b.jpg><img src=a.jpg width=40 height=40></a>") == [("b.jpg", "a.jpg")]


def test_one_small_side_alone_does_not_make_an_image_tiny() -> None:
    assert found("<img src=a.jpg width=48 height=49><img src=b.jpg width=10>") == [
        ("a.jpg",),
        ("b.jpg",),
    ]


def test_words_that_end_like_an_image_are_no_address() -> None:
    markup = (
        "<img src=a.jpg alt=IMG_1.jpg title=b.jpg data-title=c.jpg><p data-file-name=d.jpg>e.jpg"
    )
    assert found(markup) == [("a.jpg",)]


def test_fonts_and_sheets_are_no_images() -> None:
    assert found("<style>@import url(a.jpg); @font-face{src: url(b), url('c.woff')}</style>") == []


def test_a_film_in_linked_data_is_no_image() -> None:
    assert found('<script type="application/ld+json">{"contentUrl": "/a.mp4"}</script>') == []


# --- what belongs together ----------------------------------------------------------------


def test_photos_of_one_camera_stay_apart_though_their_numbers_look_like_sizes() -> None:
    names = [
        "IMG_1280.jpg",
        "IMG_1920.jpg",
        "s2023/a.jpg",
        "s2024/a.jpg",
        "a.php?id=1",
        "a.php?id=2",
    ]
    markup = "".join(f"<img src='{name}'>" for name in names)
    assert found(markup) == [(name,) for name in names]


@pytest.mark.parametrize(
    ("smaller", "larger"),
    [
        ("a-150x150.jpg", "a-1024x768.jpg"),
        ("a-1024x768.jpg", "a.jpg"),
        ("a.jpg?w=100&h=50&fit=crop", "a.jpg?w=900&fit=crop"),
        ("a.jpg?id=1&width=100", "a.jpg?id=1"),
        ("s320x320/a.jpg", "s640x640/a.jpg"),
        ("w_100,h_100,c_fill/a.jpg", "w_900,c_fill/a.jpg"),
        ("p=s220", "p=s1600"),
        ("p=w100-h80-no", "p=w1600-h900-no"),
        ("s320/a.jpg", "s1600/a.jpg"),
        ("sunset-4879_640.jpg", "sunset-4879_1280.jpg"),
        ("a.jpg", "a@2x.jpg"),
    ],
)
def test_variants_in_two_elements_are_one_image_whichever_comes_first(
    smaller: str, larger: str
) -> None:
    both = {smaller, larger}
    for first, second in ((smaller, larger), (larger, smaller)):
        (addresses,) = found(f"<img src='{first}'><p><img src='{second}'>")
        assert set(addresses) == both
        if "@2x" not in larger:
            assert addresses[0] == larger


def test_a_placeholder_that_many_share_joins_nobody() -> None:
    late = "<img src=p.gif data-src=a.jpg><img src=p.gif data-src=b.jpg>"
    apart = [("a.jpg", "p.gif"), ("b.jpg", "p.gif")]
    assert found(late) == apart
    assert found(late + "<img src=p.gif>") == apart
    assert found("<img src=p.gif>" + late) == apart


def test_no_address_is_made_up() -> None:
    assert found("<img src=a-150x150.jpg?w=100>") == [("a-150x150.jpg?w=100",)]


def test_the_same_image_in_noscript_is_one() -> None:
    (image,) = read("<img data-src=a.jpg><noscript><img src=a.jpg></noscript>").images
    assert image.where == (Where.LAZY, Where.NOSCRIPT)


# --- which is the largest -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "order"),
    [
        ("<img src=a.jpg srcset='b.jpg 2x, c.jpg, d.jpg 1.5x'>", "b d c a"),
        ("<img srcset='b.jpg 100w, c.jpg 900w, d.jpg 300w'>", "c d b"),
        ("<img srcset='b.jpg 0w, c.jpg 9w 2x, d.jpg nonsense, e.jpg -1x, f.jpg 5w 9h'>", "f"),
        ("<img src=a.jpg data-src=b.jpg data-original=c.jpg>", "c b a"),
        ("<img src=a-800x600.jpg width=600 srcset='b.jpg 2x'>", "b a-800x600"),
        ("<a href=z.jpg><img srcset='b.jpg 100w, c.jpg 900w'></a>", "z c b"),
        ("<picture><source srcset='b.jpg 1x, c.jpg 2x'><img src=a.jpg></picture>", "c b a"),
        ("<img src=a.jpg data-sizes='b.jpg 100w, c.jpg 900w'>", "c b a"),
        ('<p style=\'background: image-set("b.jpg" 1x, "c.jpg" type("image/jpeg") 2x)\'>', "c b"),
    ],
)
def test_the_largest_comes_first(markup: str, order: str) -> None:
    assert found(markup) == [tuple(f"{name}.jpg" for name in order.split())]


def test_an_address_may_hold_commas() -> None:
    assert found("<img srcset='a,b.jpg 1x,c,d.jpg 2x,e,f.jpg,'>") == [
        ("c,d.jpg", "a,b.jpg", "e,f.jpg")
    ]


# --- addresses ----------------------------------------------------------------------------


def test_addresses_are_made_absolute_as_browsers_do() -> None:
    markup = (
        "<base target=_top><base href=/d/e/><base href=/no/>"
        "<img src='../a b.jpg#c'><img src='//b.example/ü.jpg'>"
        "<img src='\\f\\g.jpg'><img src=' h\n.jpg '>"
    )
    assert [image.addresses[0] for image in read(markup).images] == [
        "https://a.example/d/a%20b.jpg",
        "https://b.example/%C3%BC.jpg",
        "https://a.example/f/g.jpg",
        "https://a.example/d/e/h.jpg",
    ]


def test_a_base_that_is_no_web_address_counts_for_nothing() -> None:
    assert found("<base href='data:text/html,x'><img src=a.jpg>") == [("a.jpg",)]


def test_where_a_page_sends_its_visitors_is_told_once() -> None:
    page = read(
        "<meta http-equiv=Refresh content='5; URL=\"/next\"'><meta http-equiv=refresh content=0;no>"
    )
    assert page.refresh == "https://a.example/next"
    assert read("<meta http-equiv=refresh content=5>").refresh is None


# --- words --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "caption"),
    [
        ("<img src=a.jpg title=t aria-label=l>", "t"),
        ("<img src=a.jpg aria-label=l>", "l"),
        ("<figure>x<img src=a.jpg title=t><figcaption>c</figcaption></figure>", "c"),
        ("<figure>x<img src=a.jpg title=t></figure>", "t"),
        ("<figure>x <b>y</b><img src=a.jpg></figure>z", "x y"),
        ("<figure><figure><img src=a.jpg></figure><figcaption>o</figcaption></figure>", "o"),
        ("<figure><figcaption>c<img src=a.jpg></figure>", "c"),
        ("<figure><img src=a.jpg><script>no</script></figure>", ""),
    ],
)
def test_the_caption_is_the_nearest_that_is_said(markup: str, caption: str) -> None:
    (image,) = read(markup).images
    assert image.caption == caption


def test_words_of_any_length_are_kept_up_to_500_characters() -> None:
    page = read(f"<title>{'t' * 9000}</title><img src=a.jpg alt='{'a' * 9000}'>")
    assert len(page.title) == len(page.images[0].alt) == 500


# --- data ---------------------------------------------------------------------------------

DATA = bytes(range(256)) * 12


@pytest.mark.parametrize(
    "written",
    [
        "data:image/png;base64," + base64.b64encode(DATA).decode(),
        "DATA:image/png;charset=x;BASE64," + base64.b64encode(DATA).decode().rstrip("="),
        "data:image/png;base64," + base64.b64encode(DATA).decode().replace("+", "%2B"),
        "data:image/png," + "".join(f"%{one:02x}" for one in DATA),
    ],
)
def test_data_is_decoded_wherever_it_stands_and_is_one_image(written: str) -> None:
    page = read(
        f"<img src='{written}'><p style='background:url(\"{written}\")'><p data-x='{written}'>"
        f"<script>x='{written}'</script>"
    )
    (image,) = page.images
    assert (image.data, image.kind, image.addresses) == (DATA, "png", ())


# --- characters ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        ("<title>é</title>".encode(), None),
        ("<title>é</title>".encode(), "nonsense"),
        ("\ufeff<title>é</title>".encode(), "windows-1251"),
        ("\ufeff<title>é</title>".encode("utf-16-le"), "utf-8"),
        ("\ufeff<title>é</title>".encode("utf-16-be"), None),
        ("<title>é</title>".encode("latin-1"), "ISO-8859-1"),
        ("<meta charset=utf-8><title>é</title>".encode("latin-1"), '"latin1"'),
        ("<meta charset='windows-1252'><title>é</title>".encode("latin-1"), None),
        (
            "<meta http-equiv=content-type content='text/html; charset=iso-8859-15'>"
            "<title>é</title>".encode("latin-1"),
            None,
        ),
        ("<meta charset=utf-16><title>é</title>".encode(), None),
        (("<!--" + " " * 1024 + "--><meta charset=windows-1251><title>é</title>").encode(), None),
    ],
)
def test_the_mark_counts_before_the_header_and_the_header_before_the_page(
    data: bytes, charset: str | None
) -> None:
    assert read(data, charset).title == "é"


@pytest.mark.parametrize(
    "charset", ["utf-7", "idna", "unicode_escape", "rot13", "zlib", "undefined"]
)
def test_a_codec_that_is_no_character_set_is_not_used(charset: str) -> None:
    assert read(b"<title>+AGE- \\u0061</title>", charset).title == "+AGE- \\u0061"


def test_bytes_that_fit_no_character_are_replaced() -> None:
    assert read(b"<title>a\xffb</title><img src=c.jpg>").title == "a\ufffdb"


# --- the sweep ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "https:\\/\\/b.example\\/a.jpg",
        "https:\\u002F\\u002Fb.example\\u002Fa.jpg",
        "//b.example/a.jpg",
        "https://b.example/a.jpg#x",
    ],
)
def test_addresses_in_scripts_are_found_as_they_are_escaped(written: str) -> None:
    (image,) = read(f'<script>var a = {{b: "{written}"}}</script>').images
    assert (image.addresses, image.where) == (("https://b.example/a.jpg",), (Where.STATE,))


def test_an_address_from_the_root_is_found_within_quotes_only() -> None:
    assert found("<script>a('/b/c.jpg') // d/e.jpg</script> /f/g.jpg") == [("b/c.jpg",)]


def test_what_the_markup_names_is_not_swept_again() -> None:
    page = read(
        "<img src='https://a.example/a.jpg?x=1&amp;y=2'><img src='/t.jpg' width=9 height=9>"
    )
    assert [image.where for image in page.images] == [(Where.IMG,)]
    assert page.left_out == ((LeftOut.TINY, 1),)


def test_a_host_that_ends_like_an_image_is_none() -> None:
    assert found("https://www.example.jpg https://b.jpg/c") == []


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("cid:1@x", "cid:1@x"),
        ("file:///C:/a/1.jpg", "file:///C:/a/1.jpg"),
        ("/favicon/blank.png", "https://a.example/favicon/blank.png"),
        ("//www.facebook.com/tr/1.jpg", "https://www.facebook.com/tr/1.jpg"),
        ("1.jpg", "https://a.example/1.jpg"),
    ],
)
def test_of_a_saved_page_nothing_that_is_at_hand_is_left_out(source: str, address: str) -> None:
    page = f"<img src='{source}' width=1 height=1 alt=Anna>".encode()
    image = pages.read(page, address="https://a.example/", saved=True).images[0]
    assert (image.addresses, image.alt) == ((address,), "Anna")


@pytest.mark.parametrize("source", ["javascript:1.jpg", "cid:" + "a" * 5000, "about:blank"])
def test_of_a_saved_page_no_other_address_counts(source: str) -> None:
    page = f"<img src='{source}' alt=Anna>".encode()
    assert pages.read(page, address="https://a.example/", saved=True).images == ()


def test_of_a_saved_page_more_images_are_given() -> None:
    page = b"".join(b"<img src=%d.jpg>" % n for n in range(2500))
    read = pages.read(page, address="https://a.example/", saved=True)
    assert (len(read.images), read.more) == (2000, 500)

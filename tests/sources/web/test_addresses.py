"""Addresses are refused with a reason, or written in the one form in which they are sent."""

from __future__ import annotations

import pytest

from selfcheck.sources.web import Address, Fault, NoAddress, named, typed

BY = Address(scheme="http", host="club.example", port=8080, target="/members/list?page=2")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", Fault.EMPTY),
        ("   ", Fault.EMPTY),
        ("http://club.example/" + "a" * 9000, Fault.LONG),
        ("http://club.example/a\nb", Fault.CONTROL),
        ("http://club.example/a\x00", Fault.CONTROL),
        ("http://club.\u202eexample/", Fault.CONTROL),
        ("http://club\u200b.example/", Fault.CONTROL),
        ("http://a.example\\@b.example/", Fault.BACKSLASH),
        ("http:\\\\club.example/", Fault.BACKSLASH),
        ("club.example/members", Fault.SCHEME),
        ("ftp://club.example/", Fault.SCHEME),
        ("file:///etc/passwd", Fault.SCHEME),
        ("javascript:alert(1)", Fault.SCHEME),
        ("data:text/html,x", Fault.SCHEME),
        ("view-source:http://club.example/", Fault.SCHEME),
        ("http://me:secret@club.example/", Fault.USER),
        ("http://club.example@evil.example/", Fault.USER),
        ("http://@club.example/", Fault.USER),
        ("http:club.example", Fault.HOST),
        ("http:///members", Fault.HOST),
        ("http://:80/", Fault.HOST),
        ("http://exa mple/", Fault.HOST),
        ("http://club..example/", Fault.HOST),
        ("http://.example/", Fault.HOST),
        ("http://-club.example/", Fault.HOST),
        ("http://%31%32%37.0.0.1/", Fault.HOST),
        ("http://" + "a" * 64 + ".example/", Fault.HOST),
        ("http://" + "a." * 130 + "example/", Fault.HOST),
        ("http://xn--\u00e4/", Fault.HOST),
        ("http://club.example\uff0fevil/", Fault.HOST),
        ("http://[::1/", Fault.HOST),
        ("http://[::1].club.example/", Fault.HOST),
        ("http://[club.example]/", Fault.HOST),
        ("http://club.example:80:90/", Fault.HOST),
        ("http://[fe80::1%25eth0]/", Fault.SCOPE),
        ("http://club.example:0/", Fault.PORT_NUMBER),
        ("http://club.example:65536/", Fault.PORT_NUMBER),
        ("http://club.example:port/", Fault.PORT_NUMBER),
        ("http://club.example:\uff18\uff10/", Fault.PORT_NUMBER),
        ("http://club.example/photo[1-9].jpg", Fault.PATTERN),
        ("http://club.example/photo[001-100:2].jpg", Fault.PATTERN),
        ("http://club.example/[a-z]/", Fault.PATTERN),
        ("http://club.example/{anna,ben}.jpg", Fault.PATTERN),
        ("http://{anna,ben}.example/", Fault.PATTERN),
        ("http://club.example/{1..9}.jpg", Fault.PATTERN),
        ("http://club.example/*.jpg", Fault.PATTERN),
        ("http://*.example/", Fault.PATTERN),
    ],
)
def test_what_is_no_address_to_ask_for_is_refused_with_its_reason(text: str, fault: Fault) -> None:
    found = typed(text)
    assert isinstance(found, NoAddress)
    assert found.fault is fault


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("  http://Club.Example  ", "http://club.example/"),
        ("HTTPS://club.example:443/a#part", "https://club.example/a"),
        ("http://club.example.:80/", "http://club.example/"),
        ("http://club.example:8080/?", "http://club.example:8080/"),
        ("http://b\u00fccher.example/\u00e4 b", "http://xn--bcher-kva.example/%C3%A4%20b"),
        ("http://my_site.example/%7Ea/%zz", "http://my_site.example/%7Ea/%zz"),
        (
            "http://club.example/a?items[]=3&x={1}&q=<i>",
            "http://club.example/a?items[]=3&x={1}&q=%3Ci%3E",
        ),
        ("http://[2001:DB8:0::1]:80/", "http://[2001:db8::1]/"),
        ("http://[2001:db8::1]:81/", "http://[2001:db8::1]:81/"),
        ("http://0x7f.1/", "http://0x7f.1/"),  # where it leads is seen when it is connected to
        ("http://club.example/a//b/../c", "http://club.example/a//b/../c"),
    ],
)
def test_an_address_is_written_one_way(text: str, sent: str) -> None:
    found = typed(text)
    assert isinstance(found, Address)
    assert str(found) == sent
    assert typed(sent) == found


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("//other.example:8080/", Fault.PORT),
        ("http://club.example:22/", Fault.PORT),
        ("ftp://club.example/", Fault.SCHEME),
        ("mailto:me@club.example", Fault.SCHEME),
        ("/a\tb", Fault.CONTROL),
        ("pictures\\me.jpg", Fault.BACKSLASH),
        ("//me@club.example/", Fault.USER),
        ("//[::1", Fault.HOST),
    ],
)
def test_what_a_page_names_is_refused_as_well(text: str, fault: Fault) -> None:
    found = named(text, by=BY)
    assert isinstance(found, NoAddress)
    assert (found.text, found.fault) == (text, fault)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("me.jpg", "http://club.example:8080/members/me.jpg"),
        ("../me 1.jpg", "http://club.example:8080/me%201.jpg"),
        ("//club.example:8080/x", "http://club.example:8080/x"),
        ("//pictures.example/a*b[1-2].jpg", "http://pictures.example/a*b[1-2].jpg"),
        ("https://pictures.example/", "https://pictures.example/"),
        ("?page=3", "http://club.example:8080/members/list?page=3"),
        (" \n/x\t", "http://club.example:8080/x"),
    ],
)
def test_what_a_page_names_is_read_from_where_the_page_is(text: str, whole: str) -> None:
    assert str(named(text, by=BY)) == whole

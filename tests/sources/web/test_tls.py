"""Certificates are checked against the host's name, though an address is connected to."""

from __future__ import annotations

import datetime as dt
import ssl
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sources.web.hosts import PAGE, PUBLIC, QUICK, gives, leads, visit

from selfcheck.sources.web import Outcome


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate for club.example, which vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "club.example")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("club.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "club.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture(scope="module")
def server(certificate: Path) -> ssl.SSLContext:
    """Serve with it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture(scope="module")
def trusting(certificate: Path) -> ssl.SSLContext:
    """Trust it."""
    return ssl.create_default_context(cafile=str(certificate))


def test_a_certificate_nobody_vouches_for_fails(server: ssl.SSLContext) -> None:
    seen = visit("https://club.example/", gives(PAGE), server_tls=server)
    assert seen.fetched.outcome is Outcome.TLS_FAILED
    assert "certificate" in seen.fetched.detail
    assert (len(seen.fetched.requests), seen.fetched.requests[0].sent) == (1, 0)


def test_a_certificate_for_another_name_fails(
    server: ssl.SSLContext, trusting: ssl.SSLContext
) -> None:
    seen = visit("https://other.example/", gives(PAGE), server_tls=server, tls=trusting)
    assert seen.fetched.outcome is Outcome.TLS_FAILED
    assert seen.asked == []


def test_a_host_that_speaks_no_tls_fails() -> None:
    seen = visit(
        "https://club.example/", gives(PAGE), ports=(443,), limits=replace(QUICK, connect=0.2)
    )
    assert seen.fetched.outcome is Outcome.TLS_FAILED


def test_https_is_never_left_for_http(server: ssl.SSLContext, trusting: ssl.SSLContext) -> None:
    routes = {"/": leads("http://club.example/a"), "/a": gives(PAGE)}
    seen = visit("https://club.example/", routes, server_tls=server, tls=trusting)
    assert seen.fetched.outcome is Outcome.DOWNGRADED
    assert [one.path for one in seen.asked] == ["/"]


def test_the_name_is_checked_and_the_pinned_address_connected_to(
    server: ssl.SSLContext, trusting: ssl.SSLContext
) -> None:
    routes = {"/": leads("https://club.example/a"), "/a": gives(PAGE)}
    seen = visit("http://club.example/", routes, server_tls=server, tls=trusting)
    assert (seen.fetched.outcome, seen.fetched.body) == (Outcome.OK, PAGE)
    assert seen.network.dialled == [(PUBLIC, 80), (PUBLIC, 443)]

"""Addresses of servers as people write them."""

from __future__ import annotations

import pytest

from segmenter.address import parse_address
from segmenter.errors import ConnectionFailed


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("https://Viveros.example", "https://viveros.example"),
        ("https://viveros.example/", "https://viveros.example"),
        ("https://viveros.example:443/web#action=1", "https://viveros.example"),
        ("https://viveros.example/odoo/crm?debug=1", "https://viveros.example"),
        ("https://viveros.example:8443", "https://viveros.example:8443"),
        ("https://viveros.example/erp/", "https://viveros.example/erp"),
        ("https://viveros.example/webshop", "https://viveros.example/webshop"),
        ("https://ñandú.example", "https://xn--and-6ma2c.example"),
        ("http://localhost:8069", "http://localhost:8069"),
        ("http://127.0.0.1:8069", "http://127.0.0.1:8069"),
        ("http://[::1]:8069", "http://[::1]:8069"),
        (" https://viveros.example ", "https://viveros.example"),
    ],
)
def test_one_spelling(written: str, url: str) -> None:
    assert parse_address(written).url == url


@pytest.mark.parametrize(
    "written",
    ["", "viveros.example", "ftp://viveros.example", "https://", "https://a:b", "https://[::1", "https://" + "a" * 80],
)
def test_what_is_no_address(written: str) -> None:
    with pytest.raises(
        ConnectionFailed, match=r"is not the address of a server; write it as https://company\.odoo\.com"
    ):
        parse_address(written)


@pytest.mark.parametrize("host", ["viveros.example", "192.168.1.20", "127.0.0.1.viveros.example", "localhost.example"])
def test_http_is_for_loopback_alone(host: str) -> None:
    with pytest.raises(ConnectionFailed, match=f"http to {host} would send the key unencrypted; use https"):
        parse_address(f"http://{host}")
    assert parse_address(f"http://{host}", allow_http=True).url == f"http://{host}"


@pytest.mark.parametrize("written", ["https://ana:hunter22@viveros.example", "ana:hunter22@viveros.example"])
def test_a_password_in_the_url_is_refused_and_not_repeated(written: str) -> None:
    with pytest.raises(ConnectionFailed) as caught:
        parse_address(written)
    assert "hunter22" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://viveros.example/odoo/crm?debug=1", "https://viveros.example/odoo"),
        ("https://viveros.example/web", "https://viveros.example/web"),
        ("https://viveros.example/crm/odoo/", "https://viveros.example/crm/odoo"),
        ("https://viveros.example", "https://viveros.example"),
    ],
)
def test_a_path_may_be_the_place_where_a_proxy_has_odoo(url: str, kept: str) -> None:
    assert parse_address(url, prefix=True).url == kept

"""XML-RPC as sent and as understood."""

from __future__ import annotations

import math
from xmlrpc.client import Fault, dumps, loads

import odoorpc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmenter.address import parse_address
from segmenter.odoo import wire
from segmenter.odoo.transport import Transport
from segmenter.odoo.transport_faults import NotAnOdoo, TooLarge, Unparsable
from segmenter.odoo.values import UnsendableValue
from segmenter.odoo.wire import Decoder, XmlRpcODOO, encode
from tests.support.http_servers import odoo, serving, xml

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"))
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**31), 2**31 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    texts,
)
trees = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=20,
)


def decode(body: bytes, piece: int = 1 << 16, most: int = 1 << 30) -> object:
    decoder = Decoder("crm.example")
    for start in range(0, len(body), piece):
        assert start < most, "it was read on"
        decoder.feed(body[start : start + piece])
    return decoder.result()


@given(st.lists(trees, max_size=3))
def test_what_is_encoded_is_what_the_standard_library_reads(params: list[object]) -> None:
    assert loads(encode("execute_kw", params)) == (tuple(params), "execute_kw")


@given(trees, st.integers(1, 60))
def test_an_answer_means_what_the_standard_library_says_in_whatever_pieces_it_comes(tree: object, piece: int) -> None:
    body = xml(tree)
    assert decode(body, piece) == loads(body)[0][0] == tree


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("<value>bare &amp; simple</value>", "bare & simple"),
        ("<value/>", ""),
        ("<value><string/></value>", ""),
        ("<value><i4>3</i4></value>", 3),
        ("<value> <int>3</int> </value>", 3),
        ("<value><dateTime.iso8601>20260301T10:00:00</dateTime.iso8601></value>", "20260301T10:00:00"),
        ("<value><base64>aGk=</base64></value>", b"hi"),
        (
            "<value><array><data>\n<value>a</value>\n<value><array><data/></array></value></data></array></value>",
            ["a", []],
        ),
        ("<value><string>" + "x" * 200_000 + "\n&#233;</string></value>", "x" * 200_000 + "\né"),
    ],
)
def test_shapes_of_values(text: str, value: object) -> None:
    body = f"<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>{text}</param></params></methodResponse>"
    assert decode(body.encode()) == value


def test_a_fault_is_raised() -> None:
    with pytest.raises(Fault) as caught:
        decode(dumps(Fault(4, "no"), methodresponse=True).encode())
    assert (caught.value.faultCode, caught.value.faultString) == (4, "no")


BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;">]>
<methodResponse><params><param><value><string>&lol2;</string></value></param></params></methodResponse>"""
EXTERNAL = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>
<methodResponse><params><param><value><string>&e;</string></value></param></params></methodResponse>"""


@pytest.mark.parametrize("body", [BOMB, EXTERNAL])
def test_entities_are_refused(body: bytes) -> None:
    with pytest.raises(Unparsable, match=r"The answer of crm\.example holds XML entities, which Odoo never sends"):
        decode(body)


def answer(value: str) -> bytes:
    return f"<methodResponse><params><param>{value}</param></params></methodResponse>".encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"garbage",
        b"\x00\xff\xfe",
        b'{"jsonrpc": "2.0"}',
        b"<methodResponse></methodResponse>",
        b"<other><value>1</value></other>",
        xml([1, 2, 3])[:-40],
        xml("a\x01b"),
        answer("<value><int>x</int></value>"),
        answer("<value><int>" + "9" * 5000 + "</int></value>"),
        answer("<value><boolean>2</boolean></value>"),
        answer("<value><double>x</double></value>"),
        answer("<value><unknown>1</unknown></value>"),
        answer("<value><struct><member><value><int>1</int></value></member></struct></value>"),
        answer("<value><struct><member><name>a</name><value>1</value></member><value>2</value></struct></value>"),
        answer("<value>1</value></param><param><value>2</value>"),
        b"<methodResponse><fault><value>no</value></fault></methodResponse>",
        b"<methodResponse><fault><value><struct></struct></value></fault></methodResponse>",
        dumps(Fault([1], "no"), methodresponse=True).encode(),
        dumps(Fault(1, ["no"]), methodresponse=True).encode(),
        dumps(Fault("1", "no"), methodresponse=True).encode(),
        answer("<value><int>2147483648</int></value>"),
        answer("<value><i8>-2147483649</i8></value>"),
        answer("<value a='1'><int>1</int></value>"),
        answer("<value><value>1</value></value>"),
        answer("<value><string><string>1</string></string></value>"),
        answer("<value><array><value>1</value></array></value>"),
        answer("<value><struct><value>1</value></struct></value>"),
        answer("<value><params><param><value>1</value></param></params></value>"),
        answer("<value>" + "<array><data><value>" * 101 + "1" + "</value></data></array>" * 101 + "</value>"),
        answer("<value>" * 5_000 + "</value>" * 5_000),
        answer("<value>1</value>").decode().encode("utf-16"),
    ],
)
def test_nonsense_is_one_error(body: bytes) -> None:
    with pytest.raises(Unparsable, match=r"The answer of crm\.example is not readable XML-RPC"):
        decode(body)


def test_the_deepest_answer() -> None:
    body = answer("<value><array><data>" * 100 + "</data></array></value>" * 100)
    depth, inner = 0, decode(body)
    while inner:
        depth, inner = depth + 1, inner[0]  # type: ignore[index]
    assert depth == 99


@pytest.mark.parametrize("begin", [b"<methodResponse a='", b"<", b"<methodResponse><!--", b"<?", b"<methodResponse "])
def test_a_tag_without_an_end_is_not_waited_for(begin: bytes) -> None:
    with pytest.raises(Unparsable):
        decode(begin + b"x" * 300_000, piece=1 << 16, most=200_000)


def test_a_long_text_is_no_tag_without_an_end() -> None:
    text = "ñandú\n" * 100_000
    assert decode(xml(text)) == text


def test_the_number_of_values_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MOST_VALUES", 6)
    assert decode(xml([1, 2, 3, 4, 5])) == [1, 2, 3, 4, 5]
    with pytest.raises(TooLarge, match=r"The answer of crm\.example holds more than 6 values"):
        decode(xml([1, 2, 3, 4, 5, 6]))


DTD = b"<!DOCTYPE a [<!ATTLIST value x CDATA 'y'><!ELEMENT b ANY>]>" + answer("<value>1</value>")


def test_a_description_of_the_document_is_refused() -> None:
    with pytest.raises(Unparsable, match="holds XML entities"):
        decode(b"<?xml version='1.0'?>\n" + DTD)


@pytest.mark.parametrize("body", [b"<!DOCTYPE html><html><br></html>", b"\n <HTML><p>Hi</HTML>"])
def test_a_web_page_is_named_as_such(body: bytes) -> None:
    with pytest.raises(NotAnOdoo, match=r"crm\.example answers with a web page"):
        decode(body)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("a\x00b", r"The text 'a\x00b' holds a control character that cannot be sent to Odoo"),
        ({"name": "Ñandú \x1f"}, r"'\xd1and\xfa \x1f'"),
        ({"na\x02me": 1}, r"'na\x02me'"),
        ("\ud800", r"'\ud800'"),
        ("\uffff", r"'\uffff'"),
        (2**31, "The whole number 2147483648 is too large for XML-RPC"),
        ([-(2**31) - 1], "The whole number -2147483649 is too large"),
        (math.nan, "nan is not a number that can be sent to Odoo"),
        ([[math.inf]], "inf is not a number"),
    ],
)
def test_what_cannot_be_sent_is_refused_before_sending(value: object, said: str) -> None:
    with pytest.raises(UnsendableValue) as caught:
        encode("execute_kw", ["crm", 2, "key", value])
    assert said in str(caught.value)


def test_line_breaks_and_tabs_can_be_sent() -> None:
    assert loads(encode("m", ["a\n\tb"])) == (("a\n\tb",), "m")


def test_odoorpcs_own_api_works_over_xml_rpc_without_a_call_at_the_start() -> None:
    def crm(method: str, params: tuple) -> object:
        if method == "login":
            return 7
        own = [{"id": 7, "lang": "es_CL", "tz": False}]
        return {"read": own, "search": [3, 4], "fields_get": {"id": {"type": "integer"}}}.get(params[4], True)

    with serving(odoo(crm)) as server:
        client = XmlRpcODOO(Transport(parse_address(server.url), timeout=5, max_response_bytes=10**6))
        assert isinstance(client, odoorpc.ODOO)
        assert server.bodies == []
        client.login("crm", "ana", "key")
        assert (client.env.uid, client.env.lang) == (7, "es_CL")
        assert "context_get" not in str(server.bodies)  # Odoo 14 cannot tell it over XML-RPC
        assert client.env["crm.lead"].search([]) == [3, 4]
        assert client.execute_kw("crm.lead", "write", [[3], {"name": "x"}], {}) is True
        with pytest.raises(NotImplementedError):
            client.save("here")
    assert loads(server.bodies[-1])[0][2:] == ("key", "crm.lead", "write", [[3], {"name": "x"}], {})

from __future__ import annotations

import datetime as dt
import email
import email.policy
import re
from dataclasses import replace
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mail_servers import LETTER, SENDER

from ledgercli.reminders.delivery.address import AddressError, parse_address
from ledgercli.reminders.delivery.email_form import SUBJECT_MAX, as_email
from ledgercli.reminders.delivery.message import Attachment, Message, message_id
from ledgercli.reminders.delivery.plain import clean_text, one_line

#: Everything, halves of characters and bidi overrides included, with what headers are made of.
TEXT = st.text(
    st.one_of(st.characters(), st.sampled_from('\r\n\t\x00\u202e\ufeff\u2028 ",;<>=?@.-客户收款ß'))
)
ATTACHMENTS = st.lists(
    st.builds(
        Attachment, TEXT, st.sampled_from(["application/pdf", "text/csv", "x y"]), st.binary()
    ),
    max_size=3,
).map(tuple)

CHINESE = replace(
    LETTER,
    sender="华联商贸（上海）有限公司财务部 <books@例子.中国>",
    recipient="ap@bücher.example",
    recipient_name="上海华东贸易有限公司应付账款组",
    subject="催款函 催字〔2026〕012号：请于2026年12月4日前支付货款（¥1,234.56）",
    language="zh",
    date=dt.datetime(2026, 11, 21, 8, tzinfo=dt.timezone(dt.timedelta(hours=8))),
    text="上海华东贸易有限公司：\n\n　　截至2026年11月21日，贵公司尚欠货款¥1,234.56。\n",
    html="<p>上海华东贸易有限公司</p>\n",
    attachments=(
        Attachment("催款函-上海华东贸易有限公司.pdf", "application/pdf", b"%PDF-1.7\x00\xff"),
        Attachment("对账单.csv", "text/csv", "日期,金额\r\n2026-11-21,5\r\n".encode()),
    ),
)


def parsed(message: Message) -> EmailMessage:
    read = email.message_from_bytes(as_email(message), policy=email.policy.default)
    assert isinstance(read, EmailMessage)
    return read


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def decoded(message: Message, header: str) -> str:
    """Return a header as the strict reading of RFC 2047 has it: no space between encoded words."""
    read = email.message_from_bytes(as_email(message), policy=email.policy.compat32)
    return str(make_header(decode_header(read[header])))


def test_a_chinese_letter_arrives_whole() -> None:
    read = parsed(CHINESE)
    assert read["Subject"] == CHINESE.subject
    assert decoded(CHINESE, "To") == "上海华东贸易有限公司应付账款组 <ap@xn--bcher-kva.example>"
    assert (
        decoded(CHINESE, "From") == "华联商贸（上海）有限公司财务部 <books@xn--fsqu00a.xn--fiqs8s>"
    )
    assert body(read, "plain") == CHINESE.text
    assert body(read, "html") == CHINESE.html
    assert [part.get_filename() for part in read.iter_attachments()] == [
        "催款函-上海华东贸易有限公司.pdf",
        "对账单.csv",
    ]


def test_the_whole_form() -> None:
    plain = replace(LETTER, html="", attachments=(), subject="Invoice 1", text="Dear Ute,\n")
    assert as_email(plain).decode("ascii").split("\r\n") == [
        "Date: Sat, 21 Nov 2026 08:00:00 +0000",
        "From: Nordkai Handels GmbH <books@nordkai.example>",
        "To: Ute Maier <ap@acme.example>",
        "Subject: Invoice 1",
        f"Message-ID: {plain.message_id}",
        "Content-Language: en",
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: OOF, AutoReply",
        'Content-Type: text/plain; charset="utf-8"',
        "Content-Transfer-Encoding: 7bit",
        "MIME-Version: 1.0",
        "",
        "Dear Ute,",
        "",
    ]


def test_alternatives_first_then_attachments() -> None:
    kinds = [part.get_content_type() for part in parsed(LETTER).walk()]
    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "application/pdf",
    ]


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("Maier, Ute", 'To: "Maier, Ute" <ap@acme.example>'),
        ('The "A" Team\\', 'To: "The \\"A\\" Team\\\\" <ap@acme.example>'),
        ("", "To: ap@acme.example"),
        ("O'Neill & Sons", "To: O'Neill & Sons <ap@acme.example>"),
    ],
)
def test_display_names(name: str, header: str) -> None:
    letter = replace(LETTER, recipient_name=name)
    assert header in as_email(letter).decode("ascii").split("\r\n")
    assert parsed(letter)["To"].addresses[0].display_name == name


INJECTIONS = [
    "x\r\nBcc: everybody@evil.example",
    "x\nBcc: everybody@evil.example",
    "x\rBcc: everybody@evil.example",
    "x\u2028Bcc: everybody@evil.example",
    "x\x0bBcc: everybody@evil.example",
    "x\x85Bcc: everybody@evil.example",
    "x\r\n\r\n<script>",
    'x" <everybody@evil.example>, "y',
    "x <everybody@evil.example>, y",
    "=?utf-8?q?x=0D=0ABcc:_everybody@evil.example?=",
    "=?utf-8?b?eCA8ZXZlcnlib2R5QGV2aWwuZXhhbXBsZT4sIHk=?=",
]


@pytest.mark.parametrize("text", INJECTIONS)
def test_no_value_adds_a_header_or_a_recipient(text: str) -> None:
    letter = replace(
        LETTER,
        subject=text,
        recipient_name=text,
        language=text,
        attachments=(Attachment(text, text, b"1"),),
    )
    read = parsed(letter)
    kept = set(parsed(LETTER).keys())
    assert set(read.keys()) <= kept
    assert [address.addr_spec for address in read["To"].addresses] == ["ap@acme.example"]
    assert read["Subject"] == one_line(text)


@pytest.mark.parametrize("address", ["a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example"])
def test_no_address_adds_another(address: str) -> None:
    for field in ("recipient", "sender", "reply_to"):
        with pytest.raises(AddressError):
            as_email(replace(LETTER, **{field: address}))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no message id"):
        as_email(replace(LETTER, message_id="<a@b>\r\nBcc: c@d.example"))


@given(subject=TEXT, name=TEXT, text=TEXT, html=TEXT, attachments=ATTACHMENTS)
def test_whatever_is_said_arrives(
    subject: str, name: str, text: str, html: str, attachments: tuple[Attachment, ...]
) -> None:
    letter = replace(
        LETTER,
        subject=subject,
        recipient_name=name,
        text=text,
        html=html,
        attachments=attachments,
    )
    content = as_email(letter)
    assert content == as_email(letter)
    content.decode("ascii")
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 78
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", content)
    read = parsed(letter)
    assert not [part.defects for part in read.walk() if part.defects]
    assert decoded(letter, "Subject") == one_line(subject)[:SUBJECT_MAX]
    raw = email.message_from_bytes(content, policy=email.policy.compat32)
    ((shown, address),) = getaddresses([raw["To"]])
    assert address == "ap@acme.example"
    assert str(make_header(decode_header(shown))) == one_line(name)
    assert body(read, "plain") == clean_text(text)
    if html:
        assert body(read, "html") == clean_text(html)
    parts = list(read.iter_attachments())
    assert [part.get_payload(decode=True) for part in parts] == [a.content for a in attachments]
    for part, attachment in zip(parts, attachments, strict=True):
        last = one_line(attachment.name).replace("\\", "/").rpartition("/")[2]
        assert part.get_filename() == (last or "file")


@given(TEXT)
def test_an_address_is_one_or_none(text: str) -> None:
    try:
        known = parse_address(text)
    except AddressError:
        return
    assert "@" not in known.domain
    assert known.domain.isascii()
    assert one_line(known.address) == known.address
    assert len(getaddresses([known.address])) == 1


@pytest.mark.parametrize(
    ("text", "local", "domain", "name"),
    [
        ("a@b.example", "a", "b.example", ""),
        ("a@B.Example.", "a", "B.Example", ""),
        ("Ute <a@straße.example>", "a", "xn--strae-oqa.example", "Ute"),
        ('"Maier, Ute" <"a b"@b.example>', '"a b"', "b.example", "Maier, Ute"),
        ("应付@例子。中国", "应付", "xn--fsqu00a.xn--fiqs8s", ""),
        ("a@[192.0.2.1]", "a", "[192.0.2.1]", ""),
    ],
)
def test_addresses(text: str, local: str, domain: str, name: str) -> None:
    known = parse_address(text)
    assert (known.local, known.domain, known.name) == (local, domain, name)


def test_message_ids() -> None:
    known = message_id(SENDER, "C001", "letters/2026-11-21/C001-EUR-firm", "1")
    assert known == message_id(SENDER, "C001", "letters/2026-11-21/C001-EUR-firm", "1")
    assert re.fullmatch(r"<[0-9a-f]{32}@nordkai\.example>", known)
    others = {
        message_id(SENDER, "C001", "letters/2026-11-21/C001-EUR-firm", "2"),
        message_id(SENDER, "C001letters/2026-11-21/C001-EUR-firm", "1"),
        message_id(SENDER, "C001", "letters/2026-11-21/C001-EUR-firm1"),
    }
    assert len(others | {known}) == 4
    assert message_id("", "C001").endswith("@ledgercli.invalid>")

"""Amounts in the Chinese capital numerals of bills and letters, 人民币大写.

Source: 支付结算办法 (中国人民银行, 银发〔1997〕393号), 附件一 正确填写票据和结算凭证的基本规定,
items one to three. What it says, as applied here:

- After 元 an amount without jiao and fen ends in 整; after 角 整 may be written or left out (it is
  left out); after 分 it is never written.
- Zeros between figures are written 零, several in a row once (1,409.50, 6,007.14).
- Where the units of 万 or of yuan are zero, but the thousands or jiao are not, 零 may be written
  or left out (1,680.32, 107,000.53). Before jiao it is written here, before thousands it is not,
  so 107,000.53 reads 人民币壹拾万柒仟元零伍角叁分, the first form that the rule prints.
- Where jiao is zero and fen is not, 零 is written after 元 (16,409.02, 325.04).
"""

from __future__ import annotations

from decimal import Decimal

PREFIX = "人民币"
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万")  # the last is 万 of the 亿 that the third group closes with

#: Below ten thousand 万亿 the words are beyond doubt; above, nobody agrees on them.
LIMIT = Decimal(10) ** 16


def chinese_amount(amount: Decimal) -> str:
    """Return ``amount`` of yuan in capital numerals, with 人民币 in front.

    Raise ``ValueError`` for what the rule cannot express: negative amounts, fractions of a fen,
    no number at all, and amounts from 10,000 万亿 (10^16) up.
    """
    if not amount.is_finite() or amount < 0:
        msg = f"{amount} cannot be written in capital numerals: it is negative or no number"
        raise ValueError(msg)
    if amount >= LIMIT:
        msg = f"{amount} cannot be written in capital numerals: it is too large"
        raise ValueError(msg)
    fen_total = amount.scaleb(2)
    if fen_total != fen_total.to_integral_value():
        msg = f"{amount} cannot be written in capital numerals: it has fractions of a fen"
        raise ValueError(msg)
    yuan, cents = divmod(int(fen_total), 100)
    jiao, fen = divmod(cents, 10)
    if yuan == 0 and cents == 0:
        return f"{PREFIX}零元整"
    text = f"{_whole(yuan)}元" if yuan else ""
    if cents == 0:
        return f"{PREFIX}{text}整"
    # Before jiao: 零 where the units of yuan are zero. Before fen alone: always, after 元.
    if yuan and (jiao == 0 or yuan % 10 == 0):
        text += "零"
    text += f"{_DIGITS[jiao]}角" if jiao else ""
    text += f"{_DIGITS[fen]}分" if fen else ""
    return PREFIX + text


def _whole(number: int) -> str:
    """Return the words of a whole number above zero, in groups of four digits."""
    groups: list[int] = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    text = ""
    gap = False
    for index in reversed(range(len(groups))):
        group = groups[index]
        if group == 0:
            gap = bool(text)
            # Ten thousand 亿 and no single ones: 亿 must be said all the same.
            if index == 2 and text:
                text += "亿"
            continue
        if text and (gap or group < 1000):
            text += "零"
        text += _four(group) + _GROUPS[index]
        gap = False
    return text


def _four(group: int) -> str:
    """Return the words of one to four digits without leading zeros."""
    text = ""
    zero = False
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if digit == 0:
            zero = bool(text)
            continue
        text += ("零" if zero else "") + _DIGITS[digit] + _PLACES[place]
        zero = False
    return text

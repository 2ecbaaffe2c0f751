"""What a cell holds: text, names, a number, a whole number, yes or no, and why it is not what its column wants."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from instances.schema import NO, SEPARATOR, YES

__all__ = ["Broken", "Kind", "Unusable", "choices", "convert", "is_empty", "kind_of", "plain", "shown"]

Kind = Literal["text", "names", "number", "whole", "yes_no"]

#: Digits that a spreadsheet shows and keeps; a number with more is what a formula or a program left over.
SPREADSHEET_DIGITS = 15

_PLAIN = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_WITH_COMMA = re.compile(r"[+-]?([0-9]+,?[0-9]*|,[0-9]+)([eE][+-]?[0-9]{1,3})?")
_THOUSANDS = "a thousands separator"
_DATE = "the spreadsheet has turned it into a date: format the column as Text (or Number) and type it again"


@dataclass(frozen=True)
class Broken:
    """A cell that a spreadsheet could not compute."""

    text: str
    rule: str
    cause: str


class Unusable(ValueError):
    """A cell that is not what its column wants."""

    def __init__(self, value: str, rule: str, cause: str) -> None:
        super().__init__(value, rule, cause)
        self.value, self.rule, self.cause = value, rule, cause


def kind_of(field: FieldInfo) -> Kind:
    """Which kind of cell a column (or a key of the settings) takes."""
    base = _base(field.annotation)
    if base is Decimal:
        return "number"
    if base is bool:
        return "yes_no"
    if base is int:
        return "whole"
    return "names" if base is tuple else "text"


def choices(field: FieldInfo) -> tuple[str, ...]:
    """The words that a column allows; none if it takes free text.

    >>> from instances.schema import Load
    >>> choices(Load.model_fields["kind"])
    ('point', 'diffuse')
    """
    annotation = field.annotation
    return tuple(word for word in get_args(annotation) if word) if get_origin(annotation) is Literal else ()


def is_empty(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def convert(cell: object, kind: Kind, *, comma: bool = False) -> object:
    """The value of a cell that is not empty; ``comma`` allows decimal commas.

    >>> convert("1,5", "number", comma=True)
    Decimal('1.5')
    >>> convert(12.0, "text")
    '12'

    Raises:
        Unusable: with what stands there, the rule and the likely cause.
    """
    if isinstance(cell, Broken):
        raise Unusable(cell.text, cell.rule, cell.cause)
    if isinstance(cell, (datetime.date, datetime.time, datetime.timedelta)):
        raise Unusable(str(cell), "is a date or a time", _DATE)
    if kind == "names":
        return cell if isinstance(cell, tuple) else _names(shown(cell))
    if kind == "yes_no":
        return _yes_no(cell)
    if kind == "text":
        return shown(cell)
    number = _number(cell, comma=comma)
    if kind == "number":
        return number
    if not number.is_finite() or number != number.to_integral_value():
        raise Unusable(plain(number), "is not a whole number", "")
    return int(number)


def shown(cell: object) -> str:
    """A cell as a person sees it.

    >>> shown(12.0), shown(True), shown(("a", "b")), shown(None)
    ('12', 'yes', 'a | b', '')
    """
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return plain(Decimal(repr(cell)))
    if isinstance(cell, Decimal):
        return plain(cell)
    if isinstance(cell, tuple):
        return f" {SEPARATOR} ".join(str(part) for part in cell)
    return cell.text if isinstance(cell, Broken) else str(cell)


def plain(number: Decimal) -> str:
    """A number without exponent, and without a fraction of nothing.

    >>> plain(Decimal("1E+3")), plain(Decimal("2.50")), plain(Decimal("12.0"))
    ('1000', '2.50', '12')
    """
    if not number.is_finite():
        return str(number)
    return f"{number:f}" if number != number.to_integral_value() else f"{number.to_integral_value():f}"


def _base(annotation: Any) -> object:
    origin = get_origin(annotation)
    if origin is Annotated:
        return _base(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return next(_base(part) for part in get_args(annotation) if part is not type(None))
    return origin or annotation


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for part in text.split(SEPARATOR) if (name := part.strip()))


def _yes_no(cell: object) -> bool:
    text = shown(cell).lower()
    if text in YES or text in NO:
        return text in YES
    raise Unusable(shown(cell), "is neither yes nor no", "write yes or no (an empty cell is the default)")


def _number(cell: object, *, comma: bool) -> Decimal:
    if isinstance(cell, bool):
        raise Unusable(shown(cell), "is not a number", "a check mark or a TRUE/FALSE formula in a number column")
    if isinstance(cell, float):
        number = Decimal(repr(cell))
        digits = len(number.normalize().as_tuple().digits)
        if digits > SPREADSHEET_DIGITS:
            rule = f"has {digits} significant digits, more than a spreadsheet shows"
            raise Unusable(
                plain(number), rule, "what a formula leaves over: round it, for instance ROUND(…, 2) or frame.round(2)"
            )
        return number
    if isinstance(cell, (int, Decimal)):
        return Decimal(cell)
    text = shown(cell)
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    if comma and _WITH_COMMA.fullmatch(text):
        return Decimal(text.replace(",", "."))
    raise Unusable(text, "is not a number", _why_no_number(text))


def _without(marks: str) -> Callable[[str], str]:
    return lambda text: re.sub(f"[{marks}]", "", text)


#: Pattern, likely cause, and what to write instead; the first that fits is told.
_NO_NUMBER: tuple[tuple[str, str, Callable[[str], str] | None], ...] = (
    (r"=.*", "a formula that nobody has computed: save the values", None),
    (r"#[A-Z/0!?]+", "an error of the spreadsheet: mend the formula it comes from", None),
    (r"[+-]?[0-9.,]+ *[%‰％]", "a percentage: 60 % is written 0.6", None),
    (r"[+-]?[0-9]{1,3}(,[0-9]{3}){2,}(\.[0-9]+)?|[+-]?[0-9]{1,3},[0-9]{3}\.[0-9]+", _THOUSANDS, _without(",")),
    (
        r"[+-]?[0-9]{1,3},[0-9]{3}",
        _THOUSANDS,
        lambda text: f"{_without(',')(text)}, or {text.replace(',', '.')} if it is a decimal comma",
    ),
    (r"[+-]?[0-9]{1,3}([ '’\u00a0\u2009\u202f][0-9]{3})+([.,][0-9]+)?", _THOUSANDS, _without(" '’\\s")),
    (r"[+-]?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?", "points as thousands separators", _without(".")),
    (
        r"[+-]?[0-9]+,[0-9]+",
        "a decimal comma, which is only read in CSV files separated by ; or tabs",
        lambda text: text.replace(",", "."),
    ),
    (r"[−–—‐‑﹣－][ ]?[0-9.,]+", "a dash in place of the minus sign", lambda text: "-" + text[1:].strip()),
    (r"\([0-9.,]+\)", "the bookkeepers' brackets for a negative amount", lambda text: "-" + text[1:-1]),
    (r"[−–—-]+|[?？]+|n/?a\.?|nan|none|null|tbd|unknown", "a figure that is not known yet: enter an estimate", None),
    (r"[+-]?inf(inity)?|∞", "infinity is no figure: enter the largest that is meant", None),
    (r"[0-9.,]+ *(-|–|—|to|\.\.\.?|~) *[0-9.,]+", "a range: enter one figure, and the range in note", None),
    (r"[+-]?[０-９．]+", "full-width digits: type them in half width", None),
    (
        r"(?=.*[0-9])[^0-9]{0,4}[+-]?[0-9]+([.,][0-9]+)*\s*[^0-9]{0,12}",
        "a unit or a currency in the cell: write the figure alone",
        None,
    ),
)


def _why_no_number(text: str) -> str:
    for pattern, cause, instead in _NO_NUMBER:
        if re.fullmatch(pattern, text, re.IGNORECASE):
            return f"{cause}: write {instead(text)}" if instead else cause
    return "text in a column of numbers: have columns been shifted or exchanged?"

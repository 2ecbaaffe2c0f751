"""Cells of other makers' files: exact figures and names as our tables can hold them."""

from __future__ import annotations

from decimal import Decimal

from instances.cells import Unusable, convert
from instances.faults import Fault

__all__ = ["DIGITS", "LONGEST", "clean", "figure"]

LONGEST = 80
"""Characters that a name may have."""

DIGITS = 18
"""Digits that a figure may have."""


def clean(name: str) -> str:
    """A name as our tables can hold it: ``|`` separates names there, and blanks are single.

    >>> clean("streets |  squares")
    'streets / squares'
    """
    return " ".join(name.replace("|", "/").split())


def figure(
    text: str, where: tuple[str, int | None, str], faults: list[Fault], *, comma: bool = False, scale: Decimal | int = 1
) -> Decimal | None:
    """The exact figure in a cell times ``scale``, or nothing and a fault; ``where`` is place, row and column.

    >>> figure("1.5", ("list.csv", 2, "Cost"), [], scale=1000)
    Decimal('1500.0')
    """
    try:
        found = Decimal(str(convert(text, "number", comma=comma))) * scale
    except Unusable as error:
        rule, cause = error.rule, error.cause
    else:
        if len(found.as_tuple().digits) <= DIGITS and found.adjusted() < DIGITS:
            return found
        rule, cause = f"has more than {DIGITS} digits", "a figure that was never rounded"
    faults.append(Fault(*where, text, rule, cause))
    return None

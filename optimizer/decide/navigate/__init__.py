"""Navigate: the efficient portfolio nearest to a wish, solved live, and what it gives up against its neighbours."""

from __future__ import annotations

from optimizer.decide.navigate.answer import Clash, Navigation, Possible
from optimizer.decide.navigate.navigator import Navigator, navigate
from optimizer.decide.navigate.neighbours import Neighbour, Place, Swap
from optimizer.decide.navigate.trades import Trade
from optimizer.decide.navigate.wishes import Condition

__all__ = [
    "Clash",
    "Condition",
    "Navigation",
    "Navigator",
    "Neighbour",
    "Place",
    "Possible",
    "Swap",
    "Trade",
    "navigate",
]

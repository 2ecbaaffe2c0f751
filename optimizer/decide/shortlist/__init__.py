"""Shortlist: which projects are core, borderline or exterior, why, and what of it is proved.

The classes are those of robust portfolio modelling (Liesiö, Mild & Salo, European Journal of Operational Research 181,
2007): a project is *core* if all efficient portfolios contain it, *exterior* if none does, *borderline* otherwise.

============== ============================================================================
``classes``    the classes and what is known on either side of a project
``table``      the shortlist as a table, in words and as a workbook
``listed``     a shortlist of the listed portfolios, without any solving
``proof``      every class proved, by a search for the counter-example, or declared open
``ties``       portfolios of equal merit on a complete front
``preference`` shares of preference space: weights and aims
``intervals``  classes that hold for all admissible values of uncertain effects
============== ============================================================================
"""

from __future__ import annotations

from optimizer.decide.shortlist.classes import Class, Entry, Side, Verdict
from optimizer.decide.shortlist.listed import shortlist
from optimizer.decide.shortlist.table import Shortlist

__all__ = ["Class", "Entry", "Shortlist", "Side", "Verdict", "shortlist"]

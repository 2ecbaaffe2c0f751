"""The independent auditor: re-adds rules, objectives and claims from the raw tables, in exact arithmetic.

It shares no code with ``models``: the tables are read a second time, by other means, and a front that both agree on
does not rest on either of them alone.
"""

from __future__ import annotations

from optimizer.verify.evaluate import Auditor, Evaluation, evaluate
from optimizer.verify.run import verify_run

__all__ = ["Auditor", "Evaluation", "evaluate", "verify_run"]

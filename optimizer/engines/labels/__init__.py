"""labels: exact label setting with dominance and bound sets, compiled."""

from __future__ import annotations

from optimizer.engines.labels.engine import labels
from optimizer.engines.labels.rows import refusal
from optimizer.engines.labels.ways import ways

__all__ = ["labels", "refusal", "ways"]

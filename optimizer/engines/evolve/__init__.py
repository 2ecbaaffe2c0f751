"""evolve: evolutionary search on pymoo, seeded, repaired and resumable; its lists come without proof."""

from __future__ import annotations

from optimizer.engines.evolve.engine import evolve

__all__ = ["evolve"]

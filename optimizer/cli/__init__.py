"""The command ``growthring``; one file a command, loaded only when the command is used."""

from __future__ import annotations

import click

from optimizer.cli.sections import Entry, Sections

__all__ = ["main"]

COMMANDS = (
    Entry("Data", "list", "list_regions", "The regions that ship."),
    Entry("Data", "new", "new", "A commented template to fill in."),
    Entry("Data", "validate", "validate", "Every fault at once, or a summary of what is in it."),
    Entry("Data", "import", "import_data", "Turn project lists of others into a region."),
    Entry("Data", "generate", "generate", "A synthetic region of any size."),
    Entry("Solve", "solve", "solve", "The front of best trade-offs, with proof, in a run folder."),
    Entry("Solve", "batch", "batch", "Every region of a folder, with one table at the end."),
    Entry("Solve", "resume", "resume", "Go on with a run that was killed or stopped."),
    Entry("Solve", "verify", "verify", "Re-add a run from the raw tables."),
    Entry("Decide", "shortlist", "shortlist", "Which projects are core, borderline or exterior, and why."),
    Entry("Decide", "navigate", "navigate", "The efficient portfolio nearest to a wish, solved live."),
    Entry("Decide", "explain", "explain", "Why a project is in or out, and what would change that."),
    Entry("Decide", "compare", "compare", "Fronts side by side: in figures, in words, with their proofs."),
    Entry("Decide", "robust", "robust", "Which portfolios hold when money and costs are not as planned."),
    Entry("Decide", "replan", "replan", "Next year's front, with the adopted plan and what was spent."),
    Entry("Decide", "conflict", "conflict", "Why there is no portfolio, and what would help."),
    Entry("Decide", "sweep", "sweep", "Fronts over a range of a budget, quota or policy figure."),
    Entry("Decide", "effect", "effect", "How the front moves without a mechanism."),
    Entry("Show", "show", "show", "The problem as a tree: sizes, mechanisms, objectives, rules."),
    Entry("Show", "describe", "describe", "What a plan makes of the towns, in tables and pictures."),
    Entry("Show", "report", "report", "One page to send: everything behind a front, solved offline."),
    Entry("Show", "explore", "explore", "The report as a live page: change figures, solve again, compare."),
    Entry("Show", "pdf", "pdf", "Four pages for the council: shortlist, trade-off, money, proof."),
    Entry("Show", "workbook", "workbook", "A plan in Excel whose limits are re-added by live formulas."),
    Entry("Show", "plot", "plot", "Pictures of a front, its projects, budgets and places."),
)


@click.group(
    cls=Sections,
    entries=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="growthring", prog_name="growthring")
def main() -> None:
    """Find the best portfolios of public projects where no single score is right, and prove it.

    \b
    First steps:
      growthring solve zigong -o runs/zigong
      growthring shortlist runs/zigong
    """

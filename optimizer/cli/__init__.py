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
    Entry("Decide", "compare", "compare", "Fronts side by side: in figures, in words, with their proofs."),
    Entry("Decide", "effect", "effect", "How the front moves without a mechanism."),
    Entry("Show", "show", "show", "The problem as a tree: sizes, mechanisms, objectives, rules."),
    Entry("Show", "describe", "describe", "What a plan makes of the towns, in tables and pictures."),
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

"""growthring verify"""

from __future__ import annotations

from pathlib import Path

import click

from optimizer.cli.sections import UserFault
from optimizer.exact import counted


@click.command("verify")
@click.argument("run", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(run: Path, as_json: bool) -> None:
    """Re-add every constraint and objective of a run from the raw tables.

    It shares no code with the model that was solved and reckons with exact fractions. The exit code is 1 if anything
    does not fit.

    \b
    Example:
      growthring verify runs/zigong
    """
    if not (run / "manifest.json").is_file():
        raise UserFault(f"{run} is no run folder: it has no manifest.json; growthring solve writes one")

    from optimizer.verify import verify_run

    findings = verify_run(run)
    if as_json:
        import json

        click.echo(json.dumps({"run": str(run), "ok": not findings, "findings": findings}, ensure_ascii=False))
    elif findings:
        for finding in findings:
            click.echo(finding, err=True)
        click.echo(f"\n{run}: {counted(len(findings), 'finding')}; do not rely on it.", err=True)
    else:
        click.echo(f"{run}: verified. Every rule and every objective was re-added from the raw tables; all agree.")
    raise click.exceptions.Exit(1 if findings else 0)

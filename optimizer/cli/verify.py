"""growthring verify"""

from __future__ import annotations

from pathlib import Path

import click

from optimizer.cli.sections import UserFault
from optimizer.exact import counted


@click.command("verify")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(run: Path, as_json: bool) -> None:
    """Re-add every constraint and objective of a run from the raw tables.

    It shares no code with the model that was solved and reckons with exact fractions. The exit code is 1 if anything
    does not fit.

    \b
    Example:
      growthring verify runs/zigong
    """
    from optimizer.folders import given_run, is_unfinished, results_of

    run = given_run(run)
    unfinished = is_unfinished(run)
    if unfinished and results_of(run) == run and not (run / "front.csv").is_file():
        raise UserFault(f"{run} was begun, but has no checkpoint yet; there is nothing to verify")

    from optimizer.verify import verify_run

    findings = verify_run(run)
    if as_json:
        import json

        verdict = {"run": str(run), "ok": not findings, "unfinished": unfinished, "findings": findings}
        click.echo(json.dumps(verdict, ensure_ascii=False))
    elif findings:
        for finding in findings:
            click.echo(finding, err=True)
        click.echo(f"\n{run}: {counted(len(findings), 'finding')}; do not rely on it.", err=True)
    else:
        click.echo(f"{run}: verified. Every rule and every objective was re-added from the raw tables; all agree.")
        if unfinished:
            click.echo("The run is unfinished: what is verified is its last checkpoint.")
    raise click.exceptions.Exit(1 if findings else 0)

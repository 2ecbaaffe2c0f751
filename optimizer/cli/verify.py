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

    It shares no code with the model that was solved and reckons with exact fractions. The half-spaces behind a
    guarantee are re-added, too, from the rows of the compiled model. The exit code is 1 if anything does not fit.

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
    basis = ""
    if not findings:
        findings, basis = _proof_checked(run)
    if as_json:
        import json

        verdict = {"run": str(run), "ok": not findings, "unfinished": unfinished, "findings": findings}
        click.echo(json.dumps(verdict, ensure_ascii=False))
    elif findings:
        for finding in findings:
            click.echo(finding, err=True)
        click.echo(f"\n{run}: {counted(len(findings), 'finding')}; do not rely on it.", err=True)
    else:
        click.echo(
            f"{run}: verified. Every rule and every objective was re-added from the raw tables; all agree.{basis}"
        )
        if unfinished:
            click.echo("The run is unfinished: what is verified is its last checkpoint.")
    raise click.exceptions.Exit(1 if findings else 0)


def _proof_checked(run: Path) -> tuple[list[str], str]:
    """What is wrong with the half-spaces behind the guarantee, if the run has any, and in words what it rests on."""
    from optimizer.proof import proof_faults, read_proof

    try:
        proof = read_proof(run)
    except ValueError as error:
        return [str(error)], ""
    if proof is None:
        return [], ""
    import numpy as np

    from models import formulate
    from optimizer.run import read_run

    found = read_run(run)
    problem = formulate(found.region, [o.name for o in found.listing.objectives])
    points = [
        [int(o.minimised(v)) for v, o in zip(row, problem.objectives, strict=True)] for row in found.listing.values
    ]
    listed = np.array(points, dtype=np.int64).reshape(-1, len(problem.objectives))
    told = f"; {len(proof.told)} more bounds rest on the word of the MIP solver" if proof.told else ""
    searched = f", and {counted(len(proof.searched), 'corner')}, searched anew" if proof.searched else ""
    basis = f"The guarantee follows from {counted(len(proof.bounds), 'half-space')}, re-added exactly{searched}{told}."
    return proof_faults(problem, proof, listed, found.certificate.epsilon), basis

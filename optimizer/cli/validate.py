"""growthring validate"""

from __future__ import annotations

import click

from optimizer.exact import counted


@click.command("validate")
@click.argument("region")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(region: str, as_json: bool) -> None:
    """Every fault of a region at once, or a summary of what is in it.

    REGION is a folder, a workbook or a name from `growthring list`. The exit code is 2 if there are faults.

    \b
    Examples:
      growthring validate my-town
      growthring validate my-town.xlsx --json
    """
    from instances import RegionError, read_region

    try:
        facts = read_region(region)
    except RegionError as error:
        if as_json:
            _print_json({"region": region, "ok": False, "faults": [_fault(fault) for fault in error.faults]})
        else:
            click.echo(str(error), err=True)
            click.echo(f"\n{region}: {counted(len(error.faults), 'fault')}.", err=True)
        raise click.exceptions.Exit(2) from None

    rows = {name: len(table) for name, table in facts.tables.items()}
    if as_json:
        _print_json({"region": region, "ok": True, "faults": [], "rows": rows, "objectives": list(facts.goals)})
        return
    click.echo(f"{facts.settings.title or facts.name}: no faults.")
    click.echo(f"{counted(facts.periods, facts.settings.period)}; objectives: {', '.join(facts.goals)}")
    for name, count in rows.items():
        click.echo(f"{count:>8,}  {name}")
    click.echo(f"Next: growthring show {region}, growthring solve {region}")


def _fault(fault: object) -> dict[str, object]:
    fields = ("place", "row", "column", "value", "rule", "cause")
    found = {name: getattr(fault, name) for name in fields}
    return {**{n: v if isinstance(v, int | str) or v is None else str(v) for n, v in found.items()}, "text": str(fault)}


def _print_json(data: dict[str, object]) -> None:
    import json

    click.echo(json.dumps(data, ensure_ascii=False))

"""A command group with sections in its help, lazy commands and faults told without a traceback."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import click

__all__ = ["Entry", "Sections", "UserFault"]

INTERRUPTED = 130


@dataclass(frozen=True)
class Entry:
    """A command: where it stands in the help, and the module of ``optimizer.cli`` that holds it as ``command``."""

    section: str
    name: str
    module: str
    help: str


class UserFault(click.ClickException):
    """Something that the user can put right; told on stderr, exit code 2."""

    exit_code = 2


class Sections(click.Group):
    """Commands by section; a command's module is imported when the command is used."""

    def __init__(self, *args: Any, entries: Sequence[Entry] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entries = {entry.name: entry for entry in entries}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.entries:
            return None
        module = importlib.import_module(f"optimizer.cli.{self.entries[cmd_name].module}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        width = max(len(name) for name in self.entries)
        for section in dict.fromkeys(entry.section for entry in self.entries.values()):
            with formatter.section(section):
                rows = [(e.name.ljust(width), e.help) for e in self.entries.values() if e.section == section]
                formatter.write_dl(rows)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise UserFault(_told(error)) from error
        except ValueError as error:
            from instances import RegionError

            if isinstance(error, RegionError):
                raise UserFault(str(error)) from error
            raise
        except KeyboardInterrupt:
            click.echo("\nStopped before there was anything to keep; nothing is written.", err=True)
            raise click.exceptions.Exit(INTERRUPTED) from None


def _told(error: OSError) -> str:
    if error.filename is None or error.strerror is None:
        return str(error)
    return f"{error.filename}: {error.strerror[0].lower()}{error.strerror[1:]}"

"""The commands with their options; each imports what it runs only when it is run."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from app import __version__
from app.cli.admin import admin
from app.settings import InvalidSetting, Settings

cli = typer.Typer(
    name="vitae",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="One professional profile that becomes résumés: GraphQL and REST, with PDFs.",
    context_settings={"help_option_names": ["-h", "--help"]},
)

cli.add_typer(admin)

Port = Annotated[
    int, typer.Option(min=0, max=65535, metavar="PORT", help="Port; 0 for any that is free.")
]
Host = Annotated[
    str, typer.Option(metavar="ADDRESS", help="Address to listen on; 0.0.0.0 for all.")
]
Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="Folder of everything kept on disk (DATA_DIR)."),
]
Workers = Annotated[
    int,
    typer.Option(
        min=1,
        max=64,
        metavar="N",
        help="API processes, not render workers (those: RENDER_PROCESSES).",
    ),
]

_PASS_ON = {"ignore_unknown_options": True}


def settings_of(data: Path | None = None) -> Settings:
    """Those of the environment; ends with a message if they can't be read."""
    try:
        settings = Settings.from_env(os.environ)
    except InvalidSetting as error:
        fail(str(error), code=2)
    return replace(settings, data_dir=data.expanduser().absolute()) if data else settings


def fail(message: str, *, code: int = 1) -> NoReturn:
    """End with a message."""
    print(f"vitae: {message}", file=sys.stderr)
    raise typer.Exit(code)


@contextlib.contextmanager
def _start_errors() -> Iterator[None]:
    """Say in one line why a server can't start."""
    import asyncpg

    from app.cli.supervisor import StartFailed
    from app.embedded import ServerError
    from app.migrate import MigrationError

    try:
        yield
    except (ServerError, StartFailed, MigrationError) as error:
        fail(str(error))
    except (OSError, asyncpg.PostgresError) as error:
        fail(f"The database can't be used: {error}")


def _show_version(asked: bool) -> None:
    if asked:
        print(f"vitae {__version__}")
        raise typer.Exit


@cli.callback()
def _vitae(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Version.")
    ] = False,
) -> None:
    pass


@cli.command()
def up(
    port: Port = 8000, host: Host = "127.0.0.1", data: Data = None, workers: Workers = 2
) -> None:
    """Run everything on this machine.

    That is PostgreSQL and Valkey, unless DATABASE_URL and REDIS_URL name them, the API and one
    worker. Ctrl-C stops it.
    """
    from app.cli.up import Address, run

    settings = settings_of(data)
    with _start_errors():
        run(settings, os.environ, Address(host, port), workers)


@cli.command()
def api(port: Port = 8000, host: Host = "127.0.0.1", workers: Workers = 2) -> None:
    """Run the API alone.

    It uses the servers of DATABASE_URL and REDIS_URL.
    """
    from app.cli.up import Address, run_api

    settings = settings_of()
    _need_servers(settings)
    with _start_errors():
        run_api(settings, os.environ, Address(host, port), workers)


@cli.command()
def worker() -> None:
    """Run one worker alone, which renders.

    It uses the servers of DATABASE_URL and REDIS_URL. SIGTERM drains it.
    """
    settings = settings_of()
    _need_servers(settings)
    from workers.settings import run_worker

    run_worker(settings)


@cli.command()
def migrate() -> None:
    """Bring DATABASE_URL to the newest revision."""
    import asyncio

    import asyncpg

    from app.migrate import MigrationError, revisions
    from app.migrate import migrate as run

    settings = settings_of()
    if not settings.database_url:
        fail("DATABASE_URL is not set. `vitae up` migrates its own database by itself.", code=2)
    try:
        before = asyncio.run(run(settings.database_url))
    except (MigrationError, OSError, asyncpg.PostgresError) as error:
        fail(f"The database can't be migrated: {error}")
    newest = revisions()[-1]
    print(f"at {newest} already" if before == newest else f"{before or 'empty'} → {newest}")


@cli.command()
def quickstart(
    url: Annotated[
        str, typer.Option(metavar="URL", help="A running server.")
    ] = "http://127.0.0.1:8000",
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="PDF to write.")
    ] = Path("vitae-quickstart.pdf"),
) -> None:
    """Make a first résumé on a running server.

    Shows the curl lines that do the same.
    """
    from app.cli import quickstart

    raise typer.Exit(quickstart.run(url.rstrip("/"), output))


@cli.command()
def render(
    cv: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="JSON: cv_data, or an object that has it; - for standard input."
        ),
    ],
    output: Annotated[
        Path,
        typer.Option("-o", "--output", metavar="FILE", help="PDF to write; - for standard output."),
    ] = Path("cv.pdf"),
) -> None:
    """Render a file to PDF without any server."""
    from app.cli import render

    raise typer.Exit(render.run(cv, output))


@cli.command()
def parse(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="PDF, DOCX, JSON or LinkedIn's archive; - for standard input.",
        ),
    ],
    explain: Annotated[
        bool, typer.Option("--explain", help="Show what each stage of the reader saw instead.")
    ] = False,
    ask_password: Annotated[
        bool, typer.Option("--ask-password", help="Ask for the password of an encrypted PDF.")
    ] = False,
) -> None:
    """Show what an import finds in a résumé, without any server."""
    from app.cli import parse

    password = typer.prompt("Password", hide_input=True, err=True) if ask_password else None
    raise typer.Exit(parse.run(file, explain=explain, password=password))


@cli.command()
def doctor(port: Port = 8000, data: Data = None) -> None:
    """Say what is missing here and how to mend it."""
    from app.cli import doctor

    raise typer.Exit(doctor.run(settings_of(data), port))


@cli.command("test", context_settings=_PASS_ON)
def run_tests(
    arguments: Annotated[list[str] | None, typer.Argument(metavar="ARGUMENT", hidden=True)] = None,
) -> None:
    """Run the tests, all or those named.

    Takes pytest's arguments, such as -n 2 to use two cores, -k WORD, or -x to stop at the first
    failure. A path is looked up from where you are. pytest's own help: vitae test -- --help
    """
    from app.cli import develop

    develop.test(arguments or [])


@cli.command()
def bench(
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME", hidden=True)] = None,
) -> None:
    """Run the measurements, all or those named.

    api, profile: what a request costs the server; rate: what metering adds; pickup: how soon a job
    is taken up; pdf: what a PDF costs, beside other programs; soak: whether a render process grows;
    import: how long a file takes to read. They are in tests/bench.
    """
    from app.cli import develop

    develop.bench(names or [])


@cli.command("compile")
def compile_weasyprint(
    remove: Annotated[bool, typer.Option("--remove", help="Go back to what is installed.")] = False,
) -> None:
    """Make machine code of WeasyPrint's hot modules: the same PDFs for a fifth less.

    Optional. Needs a C compiler, network and a few minutes, once for each release of WeasyPrint.
    """
    from workers import compiled

    if remove:
        compiled.remove()
        return
    try:
        made = compiled.build()
    except compiled.NotCompiled as error:
        fail(str(error))
    typer.echo(f"{made} modules compiled; render processes that start from now on use them.")


def _need_servers(settings: Settings) -> None:
    for name, value in (
        ("DATABASE_URL", settings.database_url),
        ("REDIS_URL", settings.redis_url),
    ):
        if not value:
            fail(f"{name} is not set. `vitae up` brings servers of its own.", code=2)

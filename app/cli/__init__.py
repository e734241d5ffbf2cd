"""The `vitae` command."""

from __future__ import annotations


def main() -> None:
    """Run the command line; ends the process."""
    # Imported here: a process that `up` starts has this package above it and needs none of that.
    from app.cli.client.root import main as run

    run()

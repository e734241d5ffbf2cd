"""What a process gives up, seen from within one that has given it up."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent


def confined(script: str) -> str:
    """What a process prints that ran `script` within limits."""
    before = "import os, sys, resource\nfrom pathlib import Path\nfrom app import confinement\n"
    run = subprocess.run(
        [sys.executable, "-c", before + textwrap.dedent(script)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return run.stdout.strip()


def test_it_writes_nothing_and_opens_few_files() -> None:
    assert (
        confined("""
            confinement.limit(512)
            print(*(resource.getrlimit(kind)[1] for kind in (
                resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_NOFILE)))
        """)
        == "0 0 64"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere memory is not bounded so")
def test_it_gets_no_more_memory_than_it_may_have() -> None:
    assert (
        confined("""
            confinement.limit(256)
            try:
                bytearray(300 << 20)
            except MemoryError:
                print("no memory")
        """)
        == "no memory"
    )


def test_a_limit_that_is_lower_already_stays() -> None:
    assert (
        confined("""
            resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
            confinement.limit(512)
            print(resource.getrlimit(resource.RLIMIT_NOFILE)[1])
        """)
        == "32"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="there is nothing to detach from elsewhere")
def test_it_does_not_outlive_the_parent_that_it_was_made_for() -> None:
    message = "The parent died before this process was set up."
    run = subprocess.run(
        [sys.executable, "-c", "from app import confinement; confinement.detach(1 << 22)"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (run.returncode, run.stderr.strip()) == (1, message)

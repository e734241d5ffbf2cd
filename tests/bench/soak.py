"""`./vitae bench soak`: whether the memory of one render process grows over thousands of renders.

The process is that of the worker, asked by the worker's pool, and is never recycled meanwhile.
Templates, colours and sizes of letters change with every render, as they do in a day's work.
"""

from __future__ import annotations

import asyncio

import psutil
from msgspec import structs

from app.cv.normalise import TEMPLATES, normalise
from tests.bench.harness import print_table
from tests.bench.pdf import EXAMPLE
from workers.renderer import RenderPool

RENDERS = 5_000
_STEPS = 10


def main(renders: int = RENDERS) -> None:
    asyncio.run(_soak(renders))


async def _soak(renders: int) -> None:
    pool = RenderPool(1, timeout_seconds=60, memory_limit_mb=1024, recycle_after=renders + 1)
    await pool.start()
    rows = []
    try:
        for number in range(renders + 1):
            if number % (renders // _STEPS) == 1:  # the first render waits until it is warm
                memory = _memory()
                rows.append((f"{number}", *(f"{part / 1e6:.1f}" for part in memory)))
            template = TEMPLATES[number % len(TEMPLATES)]
            cv = normalise({**EXAMPLE, "template": template}).cv
            colour = f"#{(number * 7919) % 0x7F:02x}{(number * 104729) % 0x7F:02x}60"
            size = 9.5 + number % 5 / 2
            await pool.render(structs.replace(cv, theme_color=colour, font_size=size))
    finally:
        await pool.close()
    print_table("One render process", ("renders", "resident MB", "of its own MB"), rows)


def _memory() -> tuple[int, int]:
    (process,) = (
        child
        for child in psutil.Process().children()
        if "workers.render_process" in child.cmdline()
    )
    memory = process.memory_full_info()
    return memory.rss, memory.uss

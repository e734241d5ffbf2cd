"""`./vitae bench [NAME …]`: run the measurements, all or those named."""

from __future__ import annotations

import sys
from collections.abc import Callable

from tests.bench import api, audience, importing, jobs, mcp, page, pdf, pickup, profile, rate, soak

BENCHES: dict[str, Callable[[], None]] = {
    "api": api.main,
    "profile": profile.main,
    "page": page.main,
    "mcp": mcp.main,
    "rate": rate.main,
    "audience": audience.main,
    "jobs": jobs.main,
    "pickup": pickup.main,
    "pdf": pdf.main,
    "soak": soak.main,
    "import": importing.main,
}

if __name__ == "__main__":
    names = sys.argv[1:] or list(BENCHES)
    if unknown := [name for name in names if name not in BENCHES]:
        sys.exit(f"no such measurement: {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    for name in names:
        BENCHES[name]()

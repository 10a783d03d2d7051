"""How long an invoice takes as a PDF, the compiler kept: `make bench-documents`."""

from __future__ import annotations

import argparse
from dataclasses import replace
from statistics import median
from time import perf_counter, process_time

from bot.documents import invoice
from tests.bot.documents.samples import TOOLS, statement, voice


def one(lines: int, nth: int) -> tuple[float, float]:
    """Return milliseconds that pass, and those that the processor works, for an invoice anew."""
    found = statement([f"shop-{nth}-{line}" for line in range(lines)])
    found = replace(found, invoice=replace(found.invoice, number=f"INT-2026-{nth:05d}"))
    began, worked = perf_counter(), process_time()
    invoice.pdf(found, voice("pt_BR"), TOOLS)
    return (perf_counter() - began) * 1000, (process_time() - worked) * 1000


def main() -> None:
    """Print a table; each invoice has names and a number of its own, so that none is cached."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--times", type=int, default=40)
    times = asked.parse_args().times
    print(f"first, with the compiler's start: {one(50, 0)[0]:.1f} ms")
    print("lines  median ms  best ms  best processor ms")
    for lines in (1, 50, 400):
        found = [one(lines, nth) for nth in range(1, times + 1)]
        passed, worked = zip(*found, strict=True)
        print(f"{lines:5}  {median(passed):9.1f}  {min(passed):7.1f}  {min(worked):17.1f}")


if __name__ == "__main__":
    main()

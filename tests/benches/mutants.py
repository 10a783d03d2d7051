"""
How much of a change to the rules the tests notice: mutmut changes one place at a time.

    python -m tests.benches.mutants [NAME …] [--children COUNT]

Without names every mutant is made and tried anew; with names or patterns ("billing.money*") those
alone, which takes up changed tests. mutmut leaves alone what is decorated, so it works on a copy,
in the folder mutants/, in which `@property def owed` is `def owed__plain` and
`owed = property(owed__plain)`. Fails where less than 90 % are killed: a mutant that runs out of
time, or that no test reaches, is not.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[2]
COPY = ROOT / "mutants"
# Where mutmut, run in the copy, keeps its own.
RESULTS = COPY / "mutants"
# What mutmut follows by itself.
FOLLOWED = frozenset({"classmethod", "staticmethod"})
WANTED = 90
# As mutmut writes the end of pytest: its own 1 and 3, none, and a signal or a status of mutmut's.
ENDS = {0: "survived", 1: "killed", 3: "killed", 5: "survived", 33: "survived"}
LATE = frozenset({-24, 24, 36, 152, 255})


def main() -> int:
    """Run, print a line for each module and one for all; 1 where too few are killed."""
    asked = argparse.ArgumentParser(prog="mutants", description="Try the tests of the rules.")
    asked.add_argument("names", nargs="*", metavar="NAME", help="mutants, or patterns of them")
    asked.add_argument("--children", type=int, default=os.cpu_count() or 1, metavar="COUNT")
    options = asked.parse_args()
    if not options.names:
        shutil.rmtree(COPY, ignore_errors=True)
    copy()
    mutmut = Path(sys.executable).with_name("mutmut")
    command = [mutmut, "run", "--max-children", str(options.children), *options.names]
    done = subprocess.run(command, cwd=COPY, check=False)
    return done.returncode or report(dict(results(options.names)))


def copy() -> None:
    """Bring the copy to where the project is; times are kept, by which mutmut knows changes."""
    for folder in ("billing", "tests"):
        shutil.rmtree(COPY / folder, ignore_errors=True)
        shutil.copytree(ROOT / folder, COPY / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy2(ROOT / "pyproject.toml", COPY)
    rules = COPY / "billing"
    for file in (*rules.glob("*.py"), *(rules / "days").glob("*.py")):
        times = file.stat()
        file.write_text(plain(file.read_text(encoding="utf-8")), encoding="utf-8")
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


def plain(source: str) -> str:
    """Return a module that does the same, with functions decorated in a line of their own."""
    lines = source.splitlines()
    # From the end, so that the numbers of the lines before hold.
    for function in sorted(decorated(ast.parse(source)), key=lambda one: -one.lineno):
        name = f"{function.name}__plain"
        value = name
        for decorator in reversed(function.decorator_list):
            value = f"{ast.unparse(decorator)}({value})"
        indent = " " * function.col_offset
        lines.insert(function.end_lineno or 0, f"{indent}{function.name} = {value}")
        head = function.lineno - 1
        lines[head] = lines[head].replace(f"def {function.name}(", f"def {name}(", 1)
        del lines[function.decorator_list[0].lineno - 1 : head]
    return "\n".join(lines) + "\n"


def decorated(module: ast.Module) -> Iterator[ast.FunctionDef]:
    """Yield the functions that mutmut would leave alone, of the module and of its classes."""
    classes = [one for one in module.body if isinstance(one, ast.ClassDef)]
    for scope in (module, *classes):
        for one in scope.body:
            if isinstance(one, ast.FunctionDef) and one.decorator_list:
                names = {ast.unparse(decorator) for decorator in one.decorator_list}
                if not names <= FOLLOWED:
                    yield one


def results(names: Iterable[str]) -> Iterator[tuple[str, Counter[str]]]:
    """Yield each module with how many of its mutants, those of `names`, came to which end."""
    patterns = list(names) or ["*"]
    for file in sorted((RESULTS / "billing").rglob("*.meta")):
        ends = json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"]
        found = Counter(
            "timeout" if end in LATE else ENDS.get(end, "other")
            for mutant, end in ends.items()
            if any(fnmatch(mutant, pattern) for pattern in patterns)
        )
        if found:
            yield file.relative_to(RESULTS).with_suffix("").as_posix(), found


def report(modules: dict[str, Counter[str]]) -> int:
    for module, found in modules.items():
        print(f"{module:32}{line(found)}")
    found = sum(modules.values(), Counter[str]())
    print(line(found))
    return 0 if found["killed"] * 100 >= WANTED * found.total() > 0 else 1


def line(found: Counter[str]) -> str:
    """Return the figures of one line; the percentage is cut off, so that 89.99 is never 90."""
    tenths = found["killed"] * 1000 // (found.total() or 1)
    parts = [f"{found.total():5} mutants", f"{found['killed']:5} killed"]
    parts += [f"{found['survived']:4} survived", f"{found['timeout']:3} timeout"]
    parts += [f"{found['other']} other"] if found["other"] else []
    return f"{', '.join(parts)}: {tenths // 10}.{tenths % 10} %"


if __name__ == "__main__":
    sys.exit(main())

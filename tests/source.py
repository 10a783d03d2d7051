"""The project's own source, read by ast: what each module imports and which names it uses."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("billing", "storage", "bot")


@dataclass(frozen=True)
class Module:
    """One module under its dotted name."""

    name: str
    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @property
    def package(self) -> str:
        return self.name if self.path.endswith("__init__.py") else self.name.rpartition(".")[0]

    def is_under(self, *names: str) -> bool:
        return is_under(self.name, *names)


@dataclass(frozen=True)
class Import:
    """A module that another one imports, at its top, in a function or for types only."""

    by: Module
    target: str
    line: int

    def __str__(self) -> str:
        return f"{self.by.path}:{self.line} imports {self.target}"


def is_under(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


def source(root: Path = ROOT) -> dict[str, Module]:
    """Return all modules of the packages below ``root``, by their names."""
    modules = {}
    for package in PACKAGES:
        for file in sorted((root / package).rglob("*.py")):
            path = file.relative_to(root)
            parts = path.with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            modules[name] = Module(name, path.as_posix(), file.read_text(encoding="utf-8"))
    return modules


def imports(module: Module, modules: dict[str, Module]) -> Iterator[Import]:
    """
    Yield what ``module`` imports.

    ``from billing import money`` counts as billing.money if that is a module. Imports by
    ``importlib.import_module`` and ``__import__`` of a fixed name count too.
    """
    for node in ast.walk(module.tree):
        match node:
            case ast.Import(names=names):
                for alias in names:
                    yield Import(module, alias.name, node.lineno)
            case ast.ImportFrom(module=base, names=names, level=level):
                package = module.package.split(".")
                above = package[: len(package) - level + 1] if level else []
                origin = ".".join([*above, *([base] if base else [])])
                for alias in names:
                    inner = f"{origin}.{alias.name}"
                    yield Import(module, inner if inner in modules else origin, node.lineno)
            case ast.Call(
                func=ast.Attribute(attr="import_module")
                | ast.Name(id="import_module" | "__import__"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield Import(module, name, node.lineno)


def names_used(module: Module) -> Iterator[tuple[str, ast.expr]]:
    """Yield the dotted names of what ``module`` imported and uses, whatever it calls them."""
    known: dict[str, str] = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.name if alias.asname else alias.name.partition(".")[0]
                known[alias.asname or name] = name
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                known[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Name | ast.Attribute) and (name := _dotted(node, known)):
            yield name, node


def _dotted(node: ast.expr, known: dict[str, str]) -> str | None:
    match node:
        case ast.Name(id=name):
            return known.get(name)
        case ast.Attribute(value=value, attr=attribute):
            owner = _dotted(value, known)
            return f"{owner}.{attribute}" if owner else None
        case _:
            return None

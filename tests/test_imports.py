"""Which way the code may look (docs/architecture.md), and where time and chance come from."""

import ast
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.source import Import, Module, imports, is_under, names_used, source

STDLIB = tuple(sys.stdlib_module_names)
PYDANTIC = ("pydantic", "pydantic_core")

# Rules are pure: these would let a network, a disk, another thread, time or chance in.
IMPURE = (
    *("asyncio", "concurrent", "multiprocessing", "subprocess", "threading"),
    *("http", "socket", "sqlite3", "ssl", "tempfile", "urllib.request"),
    *("random", "secrets", "time", "uuid"),
)

# A module looks at its own layer or below; one that is not named here may not lead upwards either.
LAYERS = (
    ("money", "calendar"),
    ("programmes", "nights"),
    ("catalogue", "partners", "tokens"),
    ("instances", "subscriptions", "days.quotes"),
    ("invoices", "cards"),
    ("corrections", "delays", "families", "ledger", "notices"),
    ("card_lives",),
)
HEIGHT = {f"billing.{name}": height for height, names in enumerate(LAYERS) for name in names}

DRIVERS = ("aiosqlite", "alembic", "psycopg", "psycopg_pool", "sqlalchemy")

# What knows neither Telegram nor HTTP nor a clock.
TOOLS = (*PYDANTIC, "babel", "cryptography", "rapidfuzz", "structlog")
SHARED = ("bot.clock", "bot.ids", "bot.logs", "bot.settings")
DOORS = {
    "bot.chat": ("telegram", "openpyxl"),
    "bot.web": ("starlette", "uvicorn", "python_multipart", "stripe"),
    # The poller and the sender speak to the Bot API too.
    "bot.delivery": ("apscheduler", "telegram", "aiohttp"),
    # It is no way in, but stays as far from the others.
    "bot.simulation": ("typst",),
}

# Where a program is put together: the bot, the audit of its books, a simulation of it.
ROOTS = ("bot.app", "bot.boxed", "bot.opening", "bot.audited", "bot.doctor", "bot.simulated")

CLOCKS = ("bot/clock.py", "bot/sandbox/clock.py")
IDS = ("bot/ids.py", "bot/sandbox/ids.py", "bot/simulation/chance.py")
TIME = (
    "asyncio.sleep",
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "time.gmtime",
    "time.localtime",
    "time.time",
    "time.time_ns",
)
CHANCE = (
    "os.urandom",
    "random",
    "secrets.choice",
    "secrets.randbelow",
    "secrets.randbits",
    "secrets.token_bytes",
    "secrets.token_hex",
    "secrets.token_urlsafe",
    "uuid.uuid1",
    "uuid.uuid4",
)

Tree = dict[str, Module]


def all_imports(tree: Tree, *packages: str) -> Iterator[Import]:
    for module in tree.values():
        if module.is_under(*packages):
            yield from imports(module, tree)


def is_rule(module: Module) -> bool:
    return module.is_under("billing") and not module.is_under("billing.services")


def rules_look_down(tree: Tree) -> Iterator[str]:
    """1. billing/*.py: the standard library, pydantic, its own modules downwards; pure."""
    for module in filter(is_rule, tree.values()):
        for found in imports(module, tree):
            allowed = is_under(found.target, *STDLIB, *PYDANTIC, "billing")
            if not allowed or is_under(found.target, *IMPURE, "billing.services"):
                yield str(found)
        for node in ast.walk(module.tree):
            if isinstance(node, ast.AsyncFunctionDef | ast.AsyncFor | ast.AsyncWith | ast.Await):
                yield f"{module.path}:{node.lineno} is async"
            elif isinstance(node, ast.Attribute) and node.attr in ("now", "today", "utcnow"):
                yield f"{module.path}:{node.lineno} asks the time"
    for name, height in HEIGHT.items():
        for reached in _reached(name, tree):
            if HEIGHT.get(reached, -1) > height:
                yield f"{name} leads up to {reached}"


def nothing_leads_to_itself(tree: Tree) -> Iterator[str]:
    """Not by any way round, nor for types only; packages of use cases may need one another."""
    needs = {
        name: {_module_of(found.target, tree) for found in imports(module, tree)} - {name, ""}
        for name, module in tree.items()
    }
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        yield " needs ".join(reversed(error.args[1]))


def _reached(name: str, tree: Tree) -> set[str]:
    """Return all modules of billing that ``name`` imports, directly or through others."""
    reached: set[str] = set()
    waiting = [name]
    while waiting:
        module = tree.get(waiting.pop())
        targets = {found.target for found in imports(module, tree)} if module else set()
        new = {target for target in targets if is_under(target, "billing")} - reached
        reached |= new
        waiting += new
    return reached


def _module_of(target: str, tree: Tree) -> str:
    """Return the module of ours that has what is imported, or nothing."""
    while target and target not in tree:
        target = target.rpartition(".")[0]
    return target


def services_know_billing_only(tree: Tree) -> Iterator[str]:
    """2. billing/services: billing and its own ports. No framework, no storage."""
    for found in all_imports(tree, "billing.services"):
        if not is_under(found.target, *STDLIB, "billing"):
            yield str(found)


def storage_knows_billing_and_drivers(tree: Tree) -> Iterator[str]:
    """3. storage: billing and its drivers. Never bot, never a framework."""
    for found in all_imports(tree, "storage"):
        if not is_under(found.target, *STDLIB, *DRIVERS, "billing", "storage"):
            yield str(found)


def doors_stay_apart(tree: Tree) -> Iterator[str]:
    """4. A door: billing, its own framework, what all share; gateways and documents no door."""
    for door, frameworks in DOORS.items():
        allowed = (*STDLIB, *TOOLS, *SHARED, *frameworks, "billing", door)
        for found in all_imports(tree, door):
            if not is_under(found.target, *allowed):
                yield str(found)
    for found in all_imports(tree, "bot.gateways", "bot.documents", *SHARED):
        if is_under(found.target, *DOORS, "bot.app", "bot.sandbox", "bot.__main__"):
            yield str(found)


def app_alone_wires(tree: Tree) -> Iterator[str]:
    """5. Roots alone import storage; and nothing but bot/app.py and bot/boxing.py, the box."""
    for found in all_imports(tree, "bot"):
        storage = is_under(found.target, "storage") and not found.by.is_under(*ROOTS)
        boxed = is_under(found.target, "bot.sandbox") and not found.by.is_under(
            "bot.sandbox", "bot.app", "bot.boxing"
        )
        if storage or boxed:
            yield str(found)


def time_and_chance_are_handed_in(tree: Tree) -> Iterator[str]:
    """Only the clocks ask the time and wait, only the ids' module draws lots."""
    for module in tree.values():
        # sleep(0) lets others run; it waits for nothing.
        of_zero = [
            node.func
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Call) and list(map(ast.unparse, node.args)) == ["0"]
        ]
        for name, node in names_used(module):
            timed = name in TIME and module.path not in CLOCKS
            chance = is_under(name, *CHANCE) and module.path not in IDS
            if chance or (timed and not (name == "asyncio.sleep" and node in of_zero)):
                yield f"{module.path}:{node.lineno} uses {name}"


RULES = (
    rules_look_down,
    nothing_leads_to_itself,
    services_know_billing_only,
    storage_knows_billing_and_drivers,
    doors_stay_apart,
    app_alone_wires,
    time_and_chance_are_handed_in,
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_code_keeps(rule):
    assert sorted(set(rule(source()))) == []


def tree_of(texts: dict[str, str]) -> Tree:
    return {
        name: Module(name, name.replace(".", "/") + ".py", text) for name, text in texts.items()
    }


class TestRules:
    """A rule that never says no keeps nothing, so each is shown what it has to find."""

    @pytest.mark.parametrize(
        ("rule", "broken"),
        [
            (rules_look_down, {"billing.money": "import telegram"}),
            (rules_look_down, {"billing.money": "import asyncio"}),
            (rules_look_down, {"billing.money": "def f():\n    from time import time"}),
            (rules_look_down, {"billing.money": "from billing.services import ports"}),
            (rules_look_down, {"billing.money": "from billing.programmes import Terms"}),
            (
                rules_look_down,  # upwards, round a corner and for types only
                {
                    "billing.tokens": "from billing import tiers",
                    "billing.tiers": "if TYPE_CHECKING:\n    from .ledger import Entry",
                    "billing.ledger": "",
                },
            ),
            (
                nothing_leads_to_itself,
                {
                    "billing.days.quotes": "import billing.instances",
                    "billing.instances": "from billing.days import quotes",
                },
            ),
            (rules_look_down, {"billing.days.quotes": "async def f(): ..."}),
            (rules_look_down, {"billing.days.quotes": "def f(clock): return clock.now()"}),
            (services_know_billing_only, {"billing.services.desk": "from storage import inbox"}),
            (services_know_billing_only, {"billing.services.desk": "import structlog"}),
            (services_know_billing_only, {"billing.services.desk": "from bot.clock import Clock"}),
            (storage_knows_billing_and_drivers, {"storage.inbox": "from bot.clock import Clock"}),
            (storage_knows_billing_and_drivers, {"storage.inbox": "import starlette.routing"}),
            (doors_stay_apart, {"bot.chat.replies": "from bot.web import api"}),
            (doors_stay_apart, {"bot.web.api": "import bot.delivery.sender"}),
            (doors_stay_apart, {"bot.web.api": "from telegram import Update"}),
            (doors_stay_apart, {"bot.delivery.sender": "from storage.outbox import Outbox"}),
            (doors_stay_apart, {"bot.delivery.sender": "import_module('bot.app')"}),
            (doors_stay_apart, {"bot.gateways.zapi": "from bot.chat import replies"}),
            (doors_stay_apart, {"bot.documents.invoice": "from bot.web.api import Route"}),
            (doors_stay_apart, {"bot.clock": "from bot.sandbox import clock"}),
            (app_alone_wires, {"bot.sandbox.box": "from storage.database import Database"}),
            (app_alone_wires, {"bot.__main__": "import storage"}),
            (app_alone_wires, {"bot.simulation.playing": "from storage.figures import Figures"}),
            (app_alone_wires, {"bot.gateways.embedded": "from bot.sandbox import clock"}),
            (
                time_and_chance_are_handed_in,
                {"bot.app": "from datetime import datetime as d\nd.now()"},
            ),
            (time_and_chance_are_handed_in, {"bot.app": "import datetime\ndatetime.date.today()"}),
            (time_and_chance_are_handed_in, {"bot.app": "from time import time\nf(default=time)"}),
            (time_and_chance_are_handed_in, {"bot.app": "import asyncio as a\na.sleep(1)"}),
            (time_and_chance_are_handed_in, {"storage.inbox": "import random\nrandom.random()"}),
            (time_and_chance_are_handed_in, {"storage.inbox": "from uuid import uuid4\nuuid4()"}),
        ],
    )
    def test_find_what_breaks_them(self, rule, broken):
        assert list(rule(tree_of(broken)))

    @pytest.mark.parametrize(
        "kept",
        [
            {
                "billing.invoices": "from billing.calendar import Month\nimport pydantic",
                "billing.calendar": "from datetime import datetime\nimport zoneinfo",
            },
            {"billing.services.desk": "import asyncio\nfrom billing.services.ports import Work"},
            {"storage.inbox": "import aiosqlite\nfrom billing import money\nimport storage.rows"},
            {"bot.chat.replies": "import telegram.ext\nfrom bot.chat import locales\nimport babel"},
            {"bot.app": "import storage\nfrom bot import chat, web, sandbox"},
            {"bot.clock": "from asyncio import sleep\nsleep\nimport datetime as d\nd.datetime.now"},
            {"bot.app": "import asyncio\nasyncio.sleep(0)\nimport secrets\nsecrets.compare_digest"},
            {"bot.app": "clock.now()\nrandom = 4\nrandom"},
        ],
    )
    def test_leave_what_keeps_them(self, kept):
        assert [said for rule in RULES for said in rule(tree_of(kept))] == []

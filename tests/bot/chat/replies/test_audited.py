"""The audit in people's words."""

import ast
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from billing.money import Money
from bot.chat.formats import Speech, plain
from bot.chat.replies.audited import DONE, KINDS, event, shortened

NOW = datetime(2026, 3, 2, 13, tzinfo=UTC)
SAY = Speech("en", "UTC", NOW)
ROW = {
    "at": NOW, "actor": "finance:12 Fin", "action": "price", "kind": "partner", "object": "P1AAA",
    "before": "", "after": "", "amount": None, "outcome": "done", "name": "Loja Norte",
}  # fmt: skip
# What is handed on to whoever writes the row.
WRITERS = re.compile(r"(audit\.record|recording\.(change|of_\w+)|buying\.record)$")


def told(**row) -> str:
    return plain(event({**ROW, **row}, SAY))


def written() -> set[str]:
    """Return the actions that the use cases write down by name."""
    found = set()
    for path in Path("billing/services").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and WRITERS.search(ast.unparse(node.func))):
                continue
            # Before the action only who acts and what it is done with are named.
            given = [one.value for one in node.args[:4] if isinstance(one, ast.Constant)]
            found |= {one for one in given if isinstance(one, str) and one}
    return found


def test_every_action_has_a_word():
    actions = written()
    assert len(actions) > 30
    assert {one for one in actions if one not in DONE and f"team.{one}" not in DONE} == set()


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        ({"before": "4000", "amount": Money(2500, "BRL")}, "R$40.00"),
        ({"action": "customer", "before": "Zé; 4000 BRL", "after": "-"}, "Zé; R$40.00 → -"),
        ({"action": "stop", "kind": "instance", "before": "active", "after": "overdue"},
         "subscribed → stopped: unpaid invoice"),
        ({"after": "from 2026-03-10, first for 2026-04"}, "from Tue 10 Mar, first in April 2026"),
        ({"action": "hold", "before": "2026-03-10", "after": "2026-03-20: pays: soon"},
         "Tue 10 Mar → Fri 20 Mar: pays: soon"),
        ({"action": "undo", "before": "hold", "after": "update:7"}, "more time given"),
        ({"actor": "clock"}, "by itself"),
        ({"action": "audit", "after": "0"}, "nothing found"),
        ({"action": "audit", "after": "2"}, "2 findings"),
        ({"action": "notices", "after": "7001 trials off"}, "trials off"),
    ],
)  # fmt: skip
def test_says_values_as_people_do(row, shown):
    assert shown in told(**row)


def test_names_people_and_things_but_no_ids_of_chance():
    assert "Fin (finance)" in told()
    assert "partner Loja Norte" in told()
    token = told(action="token_next", kind="token", object="p1yp5-0gH0do47d5qKsNBw", name=None)
    assert "p1yp5" not in token
    assert "next token asked for" in token
    assert "invoice INT-2026-00001" in told(kind="invoice", object="INT-2026-00001", name=None)
    assert "update:" not in told(action="undo", before="hold", after="update:7")


def test_cuts_what_is_long_at_a_word():
    assert shortened("Rua das Flores 123, sala 4, " * 4).endswith("sala 4…")
    assert shortened("x" * 70) == "x" * 59 + "…"
    assert set(KINDS) >= {"partner", "instance", "invoice"}

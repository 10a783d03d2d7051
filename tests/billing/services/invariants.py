"""What is true after every step, whatever was done (see docs/rules.md; reliability)."""

from collections import defaultdict
from datetime import datetime, timedelta

from billing.calendar import local_date
from billing.catalogue import Programmes
from billing.services.facts import moment
from storage.engine.transaction import Transaction

BORN = {"creating"}
MOVES = {
    "creating": {"trial", "failed"},
    "trial": {"stopped", "active", "deleted"},
    "stopped": {"active", "deleted"},
    "active": {"cancelled", "overdue", "deleted", "trial", "stopped"},
    "cancelled": {"active", "overdue", "ended", "deleted", "trial", "stopped"},
    "overdue": {"active", "cancelled", "ended", "deleted", "trial", "stopped"},
    "ended": {"deleted"},
    "deleted": set(),
    "failed": set(),
}


async def check(tx: Transaction, programmes: Programmes) -> None:
    """Raise AssertionError for the first thing that is not as it must be."""
    await _books(tx)
    await _invoices(tx)
    await _lives(tx)
    await _tokens(tx)
    await _service(tx)
    await _days(tx)
    await _nothing_forgotten(tx)
    await _no_hasty_deletion(tx, programmes)


async def _books(tx: Transaction) -> None:
    """Entries sum to nothing, kept balances are the fold, and both agree with the invoices."""
    unbalanced = await tx.all(
        "SELECT entry_id FROM postings GROUP BY entry_id, unit HAVING SUM(amount) <> 0"
    )
    assert not unbalanced, f"entries do not sum to nothing: {unbalanced}"
    fold = await tx.all("SELECT account, unit, SUM(amount) AS amount FROM postings GROUP BY 1, 2")
    kept = await tx.all("SELECT account, unit, amount FROM balances")
    folded = {(row["account"], row["unit"]): row["amount"] for row in fold}
    balances = {(row["account"], row["unit"]): row["amount"] for row in kept}
    assert balances == folded
    owed = await tx.all(
        """
        SELECT partner_id, currency, SUM(total_minor - settled_minor) AS owed FROM invoices
         WHERE state <> 'void' GROUP BY 1, 2
        """
    )
    for row in owed:
        assert balances[f"receivable:{row['partner_id']}", row["currency"]] == row["owed"]
    for (account, _), amount in balances.items():
        assert not (account.startswith("credit:") and amount > 0), "a credit below nothing"
    paid = await tx.one(
        """
        SELECT COALESCE((SELECT SUM(amount_minor) FROM payments WHERE reversed_at IS NULL), 0)
               - COALESCE((SELECT SUM(amount_minor) FROM refunds), 0) AS paid
        """
    )
    cash = sum(amount for (account, _), amount in balances.items() if account == "cash")
    assert paid is not None
    assert cash == paid["paid"]


async def _invoices(tx: Transaction) -> None:
    """Numbers have no gap, totals are their lines, what is paid is settled."""
    rows = await tx.all(
        """
        SELECT invoices.*, (SELECT SUM(price_minor) FROM invoice_lines
                             WHERE invoice_id = invoices.id) AS lines
          FROM invoices
        """
    )
    series = defaultdict(list)
    for row in rows:
        if row["kind"] == "monthly":
            assert row["lines"] == row["total_minor"], row["number"]
        assert (row["state"] == "paid") == (row["settled_minor"] == row["total_minor"])
        if row["kind"] == "monthly":
            assert row["issued_at"] <= row["due_until"] <= row["stop_at"] < row["delete_at"]
        prefix, year, number = row["number"].split("-")
        series[prefix, year].append(int(number))
    for numbers in series.values():
        assert sorted(numbers) == list(range(1, len(numbers) + 1))
    twice = await tx.all(
        """
        SELECT instance_id, period, kind FROM invoice_lines WHERE void = 0
         GROUP BY 1, 2, 3 HAVING COUNT(*) > 1
        """
    )
    assert not twice, f"billed twice: {twice}"


async def _lives(tx: Transaction) -> None:
    """States move along the table only, and every move is in the audit with its actor."""
    rows = await tx.all(
        """
        SELECT object_id, before, after, action, actor, cause FROM audit
         WHERE kind = 'instance' AND action NOT IN ('rename', 'auto') ORDER BY id
        """
    )
    state: dict[str, str] = {}
    for row in rows:
        known, before, after = state.get(row["object_id"], ""), row["before"], row["after"]
        assert row["actor"]
        assert row["cause"]
        assert before == known, f"{row['object_id']}: {known!r} became {before!r} unseen"
        if before == after:
            # A cancellation leaves what is overdue as it is; a refusal what it concerned.
            # What runs on days is given more of them.
            same = {"cancel", "extend", "auto_extend", "card"}
            assert row["action"] in same or row["action"].startswith("platform."), row
            continue
        # What was brought in from elsewhere runs already.
        born = {"active"} if row["action"] == "import" else BORN
        assert after in (MOVES[before] if before else born), f"{before} -> {after}"
        state[row["object_id"]] = after
    found = await tx.all("SELECT id, state FROM instances")
    assert {row["id"]: row["state"] for row in found} == state


async def _tokens(tx: Transaction) -> None:
    """A creation uses its token once, one that failed does not."""
    wrong = await tx.all(
        """
        SELECT id, created FROM tokens
         WHERE created <> (SELECT COUNT(*) FROM instances
                            WHERE token_id = tokens.id AND state <> 'failed')
        """
    )
    assert not wrong, f"uses are counted wrongly: {wrong}"


async def _service(tx: Transaction) -> None:
    """Who is stopped has nothing running; who is not has nothing that is overdue."""
    wrong = await tx.all(
        """
        SELECT instances.id, instances.state FROM instances
          JOIN partners ON partners.id = instances.partner_id
         WHERE instances.settlement = 'postpaid'
           AND instances.state IN ('active', 'cancelled', 'overdue')
           AND (instances.state = 'overdue') <> (partners.stopped_at IS NOT NULL)
        """
    )
    assert not wrong, f"neither stopped nor running: {wrong}"


async def _days(tx: Transaction) -> None:
    """No day is lost or made: bought = balance + held + used, and no limit was passed."""
    kept: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in await tx.all("SELECT account, amount FROM balances WHERE unit = 'days'"):
        account, _, partner_id = row["account"].partition(":")
        kept[partner_id][account] = row["amount"]
    held = await tx.all(
        """
        SELECT partner_id, SUM(days) AS days, SUM(returned) AS returned, SUM(used) AS used
          FROM day_allocations GROUP BY 1
        """
    )
    given = {row["partner_id"]: row for row in held}
    taken_back = await tx.all("SELECT partner_id FROM entries WHERE kind = 'days_taken_back'")
    limits = {row["id"]: row["day_limit"] or 0 for row in await tx.all("SELECT * FROM partners")}
    for partner_id, account in kept.items():
        assert sum(account.values()) == 0
        row = given.get(partner_id, defaultdict(int))
        assert account["allocated"] == row["days"] - row["used"], partner_id
        assert account["returned"] == -row["returned"], partner_id
        assert account["used"] == row["used"], partner_id
        if partner_id not in {one["partner_id"] for one in taken_back}:
            assert account["balance"] >= -limits[partner_id], "more than the limit"
    assert not given.keys() - kept.keys()


# What each state still has to lead to, as a row that waits; without one it would stay for ever.
_FORGOTTEN = """
SELECT 'trial' AS what, id FROM instances WHERE state = 'trial'
   AND NOT EXISTS (SELECT 1 FROM due WHERE kind = 'trial_end' AND subject = instances.id
                      AND state = 'waiting')
UNION ALL
SELECT 'stopped' AS what, instances.id FROM instances
  JOIN partners ON partners.id = instances.partner_id
 WHERE instances.state = 'stopped' AND partners.programme <> 'integrator-classic'
   AND NOT EXISTS (SELECT 1 FROM due WHERE kind IN ('trial_delete', 'trial_over', 'days_delete')
                      AND subject = instances.id AND state = 'waiting')
UNION ALL
SELECT 'leaving' AS what, id FROM instances
 WHERE cancelled_at IS NOT NULL AND state IN ('cancelled', 'overdue')
   AND NOT EXISTS (SELECT 1 FROM due WHERE kind = 'service_end' AND subject = instances.id
                      AND at = instances.service_ends_at AND state = 'waiting')
UNION ALL
SELECT 'ended' AS what, id FROM instances WHERE state = 'ended'
   AND NOT EXISTS (SELECT 1 FROM due WHERE kind = 'ended_delete' AND subject = instances.id
                      AND state = 'waiting')
UNION ALL
SELECT 'stop' AS what, number AS id FROM invoices
  JOIN partners ON partners.id = invoices.partner_id
 WHERE invoices.state = 'due' AND invoices.kind = 'monthly' AND partners.stopped_at IS NULL
   AND NOT EXISTS (SELECT 1 FROM due WHERE kind = 'stop' AND subject = invoices.id
                      AND at = invoices.stop_at AND state = 'waiting')
UNION ALL
SELECT 'delete' AS what, number AS id FROM invoices
  JOIN partners ON partners.id = invoices.partner_id
 WHERE invoices.state = 'due' AND invoices.kind = 'monthly'
   AND EXISTS (SELECT 1 FROM instances WHERE partner_id = invoices.partner_id
                  AND state IN ('active', 'cancelled', 'overdue')
                  -- What runs on days is paid for itself, but in arrears.
                  AND (settlement = 'postpaid' OR partners.day_limit IS NOT NULL))
   AND NOT EXISTS (SELECT 1 FROM due WHERE kind = 'delete' AND subject = invoices.id
                      AND at = invoices.delete_at AND state = 'waiting')
UNION ALL
SELECT 'days' AS what, id FROM instances
 WHERE state = 'active' AND settlement = 'days'
   AND NOT EXISTS (SELECT 1 FROM due WHERE kind = 'days_out' AND subject = instances.id
                      AND at = instances.active_until AND state = 'waiting')
UNION ALL
SELECT 'lapse' AS what, number AS id FROM invoices
 WHERE state = 'due' AND kind = 'days'
   AND NOT EXISTS (SELECT 1 FROM due WHERE kind = 'day_lapse' AND subject = invoices.id
                      AND at = invoices.delete_at AND state = 'waiting')
UNION ALL
SELECT 'request' AS what, id FROM day_requests
 WHERE state = 'waiting'
   AND NOT EXISTS (SELECT 1 FROM due WHERE kind = 'day_request_over' AND subject = day_requests.id)
UNION ALL
SELECT 'close' AS what, id FROM partners
 WHERE (SELECT COUNT(*) FROM due WHERE kind = 'close' AND partner_id = partners.id
           AND state = 'waiting') <> 1
"""


async def _nothing_forgotten(tx: Transaction) -> None:
    rows = await tx.all(_FORGOTTEN)
    assert not rows, f"nothing will ever become of: {[dict(row) for row in rows]}"


async def _no_hasty_deletion(tx: Transaction, programmes: Programmes) -> None:
    """Deleted for an invoice: stopped four full days before, warned on an earlier day."""
    deleted = await tx.all(
        """
        SELECT DISTINCT audit.at, audit.partner_id, audit.cause, partners.programme,
               partners.programme_version
          FROM audit JOIN partners ON partners.id = audit.partner_id
         WHERE audit.action = 'delete' AND audit.cause LIKE 'due:delete:%'
        """
    )
    for row in deleted:
        at = moment(row["at"])
        zone = programmes.get(row["programme"], row["programme_version"]).zone
        stopped = await tx.one(
            """
            SELECT MAX(at) AS at FROM audit
             WHERE action = 'stop' AND kind = 'partner' AND partner_id = :partner AND at < :at
            """,
            partner=row["partner_id"],
            at=row["at"],
        )
        assert stopped is not None
        assert at - moment(stopped["at"]) >= timedelta(days=4)
        subject = row["cause"].removeprefix("due:delete:")
        warned = await tx.one(
            """
            SELECT MIN(sent_at) AS at FROM messages
             WHERE key LIKE 'notice:deletion_tomorrow:' || :subject || ':%'
                OR key LIKE 'unreachable:notice:deletion_tomorrow:' || :subject || ':%'
            """,
            subject=subject,
        )
        assert warned is not None
        assert warned["at"] is not None
        assert _day(moment(warned["at"]), zone) < _day(at, zone)


def _day(at: datetime, zone: str) -> str:
    return str(local_date(at, zone))

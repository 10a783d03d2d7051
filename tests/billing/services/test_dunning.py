"""What an unpaid invoice leads to, by the clock."""

MONTH = [
    ("2026-02-01 09:00", "notice_invoice_issued"),
    ("2026-02-03 09:00", "notice_invoice_due_soon"),
    ("2026-02-05 09:00", "notice_invoice_due"),
    ("2026-02-06 09:00", "notice_invoice_overdue"),
    ("2026-02-08 09:00", "notice_stop_soon"),
    ("2026-02-10 09:00", "notice_last_day"),
    ("2026-02-11 08:00", "notice_stopped"),
    ("2026-02-14 09:00", "notice_deletion_tomorrow"),
    ("2026-02-15 09:00", "notice_deleted"),
]


async def test_an_unpaid_month_is_told_stopped_and_deleted_each_exactly_once(world, acme):
    await acme.running("loja-1", "loja-2")
    await world.until("2026-02-20 12:00")
    assert acme.heard("notice_invoice", "notice_stop", "notice_last", "notice_del") == MONTH
    assert await acme.states() == {"loja-1": "deleted", "loja-2": "deleted"}
    before = len(world.sent)
    await world.settle()
    assert len(world.sent) == before
    world.nobody_was_woken(acme.chat_id)

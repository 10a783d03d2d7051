"""Company data are told by who pays, and stand on what is issued from then on."""

import pytest

from billing.company import Company, CompanyRefused, Field
from billing.refusals import NoRight
from billing.services.invoices import invoicing
from billing.services.partners import company

TOLD = {Field.LEGAL_NAME: "Acme Ltda.", Field.TAX_ID: "11222333000181"}


async def test_they_are_nothing_until_they_are_told(acme):
    shown = await acme.do(company.look)
    assert (shown.partner.id, shown.company) == (acme.partner_id, Company())


async def test_what_is_told_is_added_to_what_there_is(world, acme):
    await acme.do(company.tell, TOLD)
    told = await acme.do(company.tell, {Field.EMAIL: "a@acme.example"})
    assert told.company == Company("Acme Ltda.", "11.222.333/0001-81", email="a@acme.example")
    assert (await acme.do(company.look)).company == told.company
    taken = await acme.do(company.tell, {Field.EMAIL: None})
    assert taken.company.email is None
    rows = await world.read(lambda work: work.audit.about(acme.partner_id, limit=3))
    assert [(row.before, row.after) for row in rows if row.action == "company"] == [
        ("email: a@acme.example", "email: -"),
        ("email: -", "email: a@acme.example"),
        ("legal_name: -; tax_id: -", "legal_name: Acme Ltda.; tax_id: 11.222.333/0001-81"),
    ]


async def test_what_would_be_is_said_and_changes_nothing(world, acme):
    await acme.do(company.tell, TOLD)
    kept = await world.kept()
    before, after = await acme.do(company.foresee, {Field.LEGAL_NAME: "Other"})
    assert (before.company.legal_name, after.company.legal_name) == ("Acme Ltda.", "Other")
    assert after.company.tax_id == before.company.tax_id
    with pytest.raises(CompanyRefused):
        await acme.do(company.foresee, {Field.EMAIL: "nobody"})
    assert await world.kept() == kept


async def test_the_same_again_changes_nothing(world, acme):
    await acme.do(company.tell, TOLD)
    await acme.do(company.tell, TOLD)
    (row,) = await world.sql("SELECT COUNT(*) AS n FROM audit WHERE action = 'company'")
    assert row["n"] == 1


async def test_one_that_is_refused_lets_none_pass(world, acme):
    before = await world.kept()
    with pytest.raises(CompanyRefused):
        await acme.do(company.tell, {**TOLD, Field.EMAIL: "nobody"})
    assert await world.kept() == before


@pytest.mark.parametrize(
    ("role", "may"), [("finance", True), ("manager", False), ("viewer", False)]
)
async def test_they_are_for_those_who_pay(acme, role, may):
    member = await acme.joined(31, role)
    for use_case in ((company.look,), (company.tell, TOLD)):
        if may:
            await member.do(*use_case)
        else:
            with pytest.raises(NoRight):
                await member.do(*use_case)


async def test_an_invoice_keeps_what_it_was_issued_with(world, acme):
    await acme.do(company.tell, TOLD)
    await acme.running("loja-1")
    await world.until("2026-02-01 10:00")
    await acme.do(company.tell, {Field.LEGAL_NAME: "Acme S.A."})
    (first,) = await acme.invoices()
    await world.until("2026-03-01 10:00")
    _, second = await acme.invoices()
    assert (first.billed_to.legal_name, first.billed_to.tax_id) == (
        "Acme Ltda.", "11.222.333/0001-81",
    )  # fmt: skip
    assert second.billed_to.legal_name == "Acme S.A."
    paper = await world.read(lambda work: invoicing.paper(work, first.number))
    assert (paper.invoice.number, paper.partner.id) == (first.number, acme.partner_id)
    assert paper.invoice.billed_to == first.billed_to

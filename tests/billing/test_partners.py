from dataclasses import replace

import pytest

from billing.calendar import Month
from billing.money import Money
from billing.partners import (
    MEMBER_RIGHTS,
    STAFF_RIGHTS,
    STRANGERS_RIGHTS,
    Agreement,
    NameRefused,
    Partner,
    PartnerFrozen,
    PartnerLeft,
    PartnerStopped,
    Right,
    Role,
    StaffRole,
    channel_price,
    check_may_begin,
    check_not_left,
    check_not_stopped,
    checked_name,
    price,
)
from tests.billing.samples import CLASSIC, DAYS, INTEGRATOR, Books, brl, local, subscribed

PARTNER = Partner(
    id="partner",
    name="Padaria São João",
    programme="integrator",
    programme_version=1,
    currency="BRL",
    zone="America/Sao_Paulo",
    created_at=local("2026-01-01 12:00"),
)


class TestRights:
    """The tables of roles in the commands: each row is what its role may, and no more."""

    def test_of_members_are_those_of_the_table(self):
        told = {role: rights - STRANGERS_RIGHTS for role, rights in MEMBER_RIGHTS.items()}
        assert told == {
            Role.VIEWER: {Right.VIEW},
            Role.MANAGER: {Right.VIEW, Right.OPERATE},
            Role.FINANCE: {Right.VIEW, Right.PAY},
            Role.OWNER: {Right.VIEW, Right.OPERATE, Right.PAY, Right.OWN},
        }

    def test_of_staff_are_those_of_the_table(self):
        told = {role: rights - STRANGERS_RIGHTS for role, rights in STAFF_RIGHTS.items()}
        assert told == {
            StaffRole.SUPPORT: {Right.SERVE},
            StaffRole.FINANCE: {Right.SERVE, Right.BOOK},
            StaffRole.ADMIN: {Right.SERVE, Right.BOOK, Right.ADMINISTER},
        }

    def test_that_everybody_has_are_had_by_everybody(self):
        every = (*MEMBER_RIGHTS.values(), *STAFF_RIGHTS.values())
        assert all(rights >= STRANGERS_RIGHTS for rights in every)


class TestAName:
    @pytest.mark.parametrize(
        ("given", "taken"),
        [
            ("loja-7", "loja-7"),
            ("  Padaria \t São\n João ", "Padaria São João"),
            ("<b>7 & \"co\"</b>", "<b>7 & \"co\"</b>"),  # shown literally, never interpreted
            ("x" * 64, "x" * 64),
            (" " + "x" * 64 + " ", "x" * 64),
        ],
    )  # fmt: skip
    def test_is_taken_tidied(self, given, taken):
        assert checked_name(given) == taken

    @pytest.mark.parametrize(
        ("name", "why", "shown"),
        [
            ("", "empty", ""),
            (" \n\u2003", "empty", ""),
            ("x" * 65, "too_long", "x" * 64),
            ("lo\x00ja", "control", "loja"),
            ("loja\u202e7", "control", "loja7"),  # would turn the rest of the line round
        ],
    )
    def test_that_cannot_be_taken_is_refused_with_the_reason(self, name, why, shown):
        with pytest.raises(NameRefused) as refused:
            checked_name(name)
        assert refused.value.facts == {"why": why, "name": shown}


class TestAPartner:
    def test_sleeps_as_is_usual_in_its_zone_or_in_the_hours_that_it_chose(self):
        assert PARTNER.night == "America/Sao_Paulo"
        chosen = replace(PARTNER, quiet="23:00-07:00")
        assert chosen.night == "America/Sao_Paulo 23:00-07:00"

    def test_in_good_standing_may_begin(self):
        check_may_begin(PARTNER)
        check_not_stopped(PARTNER)

    def test_that_is_frozen_begins_nothing_but_may_keep(self):
        frozen = replace(PARTNER, frozen_at=PARTNER.created_at, frozen_reason="a dispute")
        with pytest.raises(PartnerFrozen) as refused:
            check_may_begin(frozen)
        assert refused.value.facts == {"reason": "a dispute"}
        check_not_stopped(frozen)

    @pytest.mark.parametrize("check", [check_may_begin, check_not_stopped])
    def test_that_is_stopped_neither_begins_nor_keeps(self, check):
        stopped = replace(PARTNER, stopped_at=local("2026-06-11 00:00"))
        with pytest.raises(PartnerStopped) as refused:
            check(stopped)
        assert refused.value.facts == {"since": local("2026-06-11 00:00")}

    @pytest.mark.parametrize("check", [check_may_begin, check_not_stopped, check_not_left])
    def test_that_has_left_is_told_so_before_all_else(self, check):
        left = local("2026-06-12 00:00")
        gone = replace(PARTNER, left_at=left, frozen_at=left, stopped_at=left)
        with pytest.raises(PartnerLeft) as refused:
            check(gone)
        assert refused.value.facts == {"since": left}


class TestThePriceOfAChannel:
    def price(self, month, *agreed):
        return channel_price(DAYS, DAYS.days, agreed, month=Month.parse(month))

    def test_is_the_programmes_until_another_is_agreed(self):
        agreed = Agreement(Money(2500, "USD"), local("2026-05-01 00:00", "UTC"))
        assert self.price("2026-05") == Money(3000, "USD")
        assert self.price("2026-04", agreed) == Money(3000, "USD")
        assert self.price("2026-05", agreed) == Money(2500, "USD")

    def test_agreed_in_another_currency_was_agreed_under_other_terms(self):
        assert self.price("2026-05", Agreement(brl(1), local("2026-01-01"))) == Money(3000, "USD")


class TestThePrice:
    def test_is_the_programmes_without_an_agreement(self):
        assert price(INTEGRATOR, [], band=1, month=Month(2026, 5)) == brl(5990)
        assert price(CLASSIC, [], band=3, month=Month(2026, 5)) == brl(4000)

    @pytest.mark.parametrize(
        ("since", "first_month"),
        [
            ("2026-05-01 00:00", "2026-05"),  # in force on the 1st, 00:00
            ("2026-05-01 00:01", "2026-06"),  # later: the month after
            ("2026-05-31 23:59", "2026-06"),
        ],
    )
    def test_agreed_holds_from_the_first_month_it_is_in_force_for(self, since, first_month):
        agreed = [Agreement(brl(4500), local(since))]
        first = Month.parse(first_month)
        assert price(CLASSIC, agreed, band=2, month=first) == brl(4500)
        assert price(CLASSIC, agreed, band=2, month=first.plus(-1)) == brl(5000)
        assert price(CLASSIC, agreed, band=2, month=first.plus(9)) == brl(4500)

    def test_agreed_last_governs(self):
        agreed = [
            Agreement(brl(4500), local("2026-05-01 00:00")),
            Agreement(brl(4000), local("2026-03-01 00:00")),
        ]
        assert price(INTEGRATOR, agreed, band=1, month=Month(2026, 5)) == brl(4500)
        assert price(INTEGRATOR, agreed, band=1, month=Month(2026, 4)) == brl(4000)

    def test_agreed_anew_for_the_same_day_replaces_the_first(self):
        since = local("2026-05-01 00:00")
        agreed = [Agreement(brl(4500), since), Agreement(brl(4700), since)]
        assert price(INTEGRATOR, agreed, band=1, month=Month(2026, 5)) == brl(4700)

    def test_of_a_month_billed_late_is_that_months(self):
        agreed = [Agreement(brl(4500), local("2026-04-15 00:00"))]
        draft = Books().close("2026-05", [subscribed(local("2026-03-05 10:00"))], agreements=agreed)
        assert [(str(line.period), line.price.minor) for line in draft.lines] == [
            ("2026-03", 5990), ("2026-04", 5990), ("2026-05", 4500),
        ]  # fmt: skip

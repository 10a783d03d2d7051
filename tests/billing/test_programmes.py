import re
from datetime import timedelta

import pytest

from billing.calendar import BillingCalendar
from billing.catalogue import SHIPPED, ProgrammeRefused, read
from billing.money import Money
from billing.programmes import Deadlines, Settlement
from tests.billing.samples import CLASSIC, DAYS, INTEGRATOR, PROGRAMMES

CLASSIC_TEXT = (SHIPPED / "integrator-classic.toml").read_text(encoding="utf-8")
DAYS_TEXT = (SHIPPED / "days.toml").read_text(encoding="utf-8")

# What is replaced by what, and the entry that the refusal names.
HOLES = [
    ('zone = "America/Sao_Paulo"', "", "zone: Field required"),
    ("hours = 48", "", "trial.hours: Field required"),
    ('rule = "until_expiry"', "", "cancellation.rule: Field required"),
    ("prices_minor = [6000, 5000, 4000]", "",
     "settlements: postpaid needs prices_minor and [cancellation]"),
    ('[cancellation]\nrule = "until_expiry"\nbill = "month_of_cancellation"', "",
     "settlements: postpaid needs prices_minor and [cancellation]"),
    ('settlements = ["postpaid"]', "settlements = []", "settlements"),
    ('settlements = ["postpaid"]', 'settlements = ["postpaid", "days"]',
     "settlements: what is settled in days needs [days]"),
    ("allowed = 50\nnext_from = 50", "allowed = 50", "tiers.2.next_from: belongs to all but"),
]  # fmt: skip
CONTRADICTIONS = [
    ("prices_minor = [6000, 5000, 4000]", "prices_minor = [6000, 5000]",
     "tiers.2.band: band 3 has no price"),
    ('name = "definitive"', 'name = "definitive"\nallowed = 9\nnext_from = 9',
     "tiers.3.next_from: belongs to all but"),
    ("allowed = 50\nnext_from = 50", "next_from = 50", "tiers.2.allowed: the last tier alone"),
    ("allowed = 50\nnext_from = 50", "allowed = 50\nnext_from = 51",
     "tiers.2.next_from: is beyond what"),
    ("due_day = 5", "due_day = 11", "deadlines.delete_day: due_day"),
    ("delete_day = 15", "delete_day = 14", "deadlines.delete_day: due_day"),
    ("day_hour = 9", "day_hour = 7", "deadlines.day_hour"),
    ("last_day = 10", "last_day = 29", "deadlines.last_day"),
    ('currency = "BRL"', 'currency = "XYZ"', "currency: 'XYZ'"),
    ('zone = "America/Sao_Paulo"', 'zone = "America/Sao_Paolo"', "zone: 'America/Sao_Paolo'"),
    ('zone = "America/Sao_Paulo"', 'zone = "America"', "zone: 'America'"),
    ('rule = "until_expiry"', 'rule = "whenever"', "cancellation.rule"),
    ("hours = 48", "hours = 0", "trial.hours"),
    ("hours = 48", "hours = 48.0", "trial.hours"),
    ("hours = 48", 'hours = "48"', "trial.hours"),
    ("hours = 48", "hours = true", "trial.hours"),
    ("hours = 48", "hours = 48\ncolour = 1", "trial.colour"),
    ("prices_minor = [6000, 5000, 4000]", "prices_minor = [6000, 5000, -4000]", "prices_minor.2"),
    ('name = "first"', 'name = "First!"', "tiers.0.name"),
]  # fmt: skip

CONTRADICTIONS_OF_DAYS = [
    ("remind_after_days = 3", "remind_after_days = 14",
     "days.remind_after_days: remind_after_days <"),
    ("invoice_within_minutes = 30", "invoice_within_minutes = 10",
     "days.invoice_within_minutes: escalate"),
    ("[card]\nannual_discount_percent = 10", "",
     "settlements: what is paid by card needs [days] and [card]"),
    ("annual_discount_percent = 10", "annual_discount_percent = 100",
     "card.annual_discount_percent"),
]  # fmt: skip


def refused(tmp_path, text: str, says: str) -> None:
    """See that a file is refused in these words, with the line of the entry or of its table."""
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ProgrammeRefused) as found:
        read(file)
    named = re.match(r"mine\.toml, line (\d+): ([\w.]+): ", str(found.value))
    assert named, found.value
    assert says in str(found.value)
    line, entry = text.splitlines()[int(named[1]) - 1], named[2].split(".")
    # What is not there is looked for in its table, or at the top.
    places = (entry[0], entry[-1], f"[{entry[0]}]", f"[[{entry[0]}]]", "# Terms")
    assert line.startswith(places)


class TestAProgrammeFile:
    @pytest.mark.parametrize(("old", "new", "says"), HOLES + CONTRADICTIONS)
    def test_with_a_hole_or_a_contradiction_is_refused_by_name(self, tmp_path, old, new, says):
        assert CLASSIC_TEXT.count(old) == 1
        refused(tmp_path, CLASSIC_TEXT.replace(old, new), says)

    @pytest.mark.parametrize(("old", "new", "says"), CONTRADICTIONS_OF_DAYS)
    def test_of_days_that_contradicts_itself_is_refused_by_name(self, tmp_path, old, new, says):
        assert DAYS_TEXT.count(old) == 1
        refused(tmp_path, DAYS_TEXT.replace(old, new), says)

    @pytest.mark.parametrize("text", ["version = 1\nversion = 2\n", "version =\n"])
    def test_that_is_no_toml_is_refused_with_the_line(self, tmp_path, text):
        file = tmp_path / "mine.toml"
        file.write_text(text, encoding="utf-8")
        with pytest.raises(ProgrammeRefused, match=r"^mine\.toml: .*\(at line [12], column \d+\)"):
            read(file)

    def test_that_is_no_utf_8_is_refused_by_name(self, tmp_path):
        file = tmp_path / "mine.toml"
        file.write_bytes(b'id = "caf\xe9"')
        with pytest.raises(ProgrammeRefused, match=r"^mine\.toml: "):
            read(file)

    def test_may_offer_days_and_the_monthly_invoice(self, tmp_path):
        both = CLASSIC_TEXT.replace('["postpaid"]', '["days", "postpaid"]')
        file = tmp_path / "mine.toml"
        file.write_text(both + DAYS_TEXT[DAYS_TEXT.index("[days]") :], encoding="utf-8")
        programme = read(file)
        assert programme.settlement is Settlement.DAYS
        assert programme.postpaid


class TestACalendar:
    def test_has_every_deadline_of_its_programme(self):
        # Asked for before: a copy that kept it would go by the wrong one.
        assert CLASSIC.calendar.last_day == 10
        other = Deadlines(due_day=3, last_day=7, delete_day=20, day_hour=11)
        programme = CLASSIC.model_copy(update={"deadlines": other, "zone": "Asia/Tokyo"})
        assert programme.calendar == BillingCalendar(
            "Asia/Tokyo", due_day=3, last_day=7, delete_day=20, day_hour=11
        )


class TestTheProgrammesThatShip:
    """Rules, "The three programmes that ship", row by row."""

    def test_are_three(self):
        assert [programme.id for programme in PROGRAMMES.latest()] == [
            "days", "integrator", "integrator-classic",
        ]  # fmt: skip

    def test_settle_as_the_table_says(self):
        assert INTEGRATOR.settlements == CLASSIC.settlements == (Settlement.POSTPAID,)
        assert DAYS.settlements == (Settlement.DAYS, Settlement.CARD)
        assert DAYS.settlement is Settlement.DAYS
        assert not DAYS.postpaid

    def test_have_the_trials_of_the_table(self):
        lengths = [programme.trial.length for programme in (INTEGRATOR, CLASSIC, DAYS)]
        assert lengths == [timedelta(days=2), timedelta(days=2), timedelta(days=5)]
        assert (INTEGRATOR.trial.delete_after_hours, DAYS.trial.delete_after_hours) == (24, 7 * 24)
        assert [programme.trial.most_open for programme in PROGRAMMES.latest()] == [50, 50, 50]

    def test_have_the_tokens_of_the_table(self):
        tiers = {
            programme.id: [(tier.allowed, tier.next_from) for tier in programme.tiers]
            for programme in PROGRAMMES.latest()
        }
        assert tiers == {
            "integrator": [(25, 10), (None, None)],
            "integrator-classic": [(25, 25), (25, 25), (50, 50), (None, None)],
            "days": [(None, None)],
        }

    def test_have_the_prices_of_the_table(self):
        assert INTEGRATOR.price(1) == Money(5990, "BRL")
        bands = [CLASSIC.price(tier.band) for tier in CLASSIC.tiers]
        assert bands == [Money(minor, "BRL") for minor in (6000, 5000, 4000, 4000)]
        assert DAYS.days.channel_price_minor == 3000
        assert (DAYS.currency, DAYS.days.channel_days) == ("USD", 30)

    def test_live_in_their_time_zones(self):
        assert INTEGRATOR.calendar == CLASSIC.calendar == BillingCalendar("America/Sao_Paulo")
        assert DAYS.zone == "UTC"

    def test_show_staff_how_many_instances_the_entry_wants(self):
        assert [p.entry_instances for p in (INTEGRATOR, CLASSIC, DAYS)] == [10, 25, None]

    def test_adopt_panel_instances_but_for_the_classic_one(self):
        assert [p.adopts_panel_instances for p in (INTEGRATOR, CLASSIC, DAYS)] == [
            True, False, True,
        ]  # fmt: skip

    def test_delete_what_ended_after_ten_days_or_thirty(self):
        assert [p.delete_ended_after_days for p in (INTEGRATOR, CLASSIC, DAYS)] == [10, 10, 30]

    @pytest.mark.parametrize("programme", PROGRAMMES.latest(), ids=lambda programme: programme.id)
    def test_ship_with_their_documents(self, programme):
        assert (SHIPPED / programme.document).is_file()

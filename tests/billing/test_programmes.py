from datetime import timedelta

import pytest

from billing.calendar import BillingCalendar
from billing.money import Money
from billing.programmes import SHIPPED, ProgrammeRefused, Programmes, Settlement, load, read
from tests.billing.samples import CLASSIC, DAYS, INTEGRATOR, PROGRAMMES

CLASSIC_TEXT = (SHIPPED / "integrator-classic.toml").read_text(encoding="utf-8")
DAYS_TEXT = (SHIPPED / "days.toml").read_text(encoding="utf-8")

# What is replaced by what, and the entry that the refusal names.
HOLES = [
    ('zone = "America/Sao_Paulo"', "", "zone: Field required"),
    ("hours = 48", "", "trial.hours: Field required"),
    ('rule = "until_expiry"', "", "cancellation.rule: Field required"),
    ("prices_minor = [6000, 5000, 4000]", "", "needs prices_minor and [cancellation]"),
    ('[cancellation]\nrule = "until_expiry"\nbill = "month_of_cancellation"', "",
     "needs prices_minor and [cancellation]"),
    ('settlements = ["postpaid"]', "settlements = []", "settlements"),
    ('settlements = ["postpaid"]', 'settlements = ["postpaid", "days"]', "needs [days]"),
    ("allowed = 50\nnext_from = 50", "allowed = 50", "tier third: next_from"),
]  # fmt: skip
CONTRADICTIONS = [
    ("prices_minor = [6000, 5000, 4000]", "prices_minor = [6000, 5000]",
     "tier third: band 3 has no price"),
    ('name = "definitive"', 'name = "definitive"\nallowed = 9\nnext_from = 9',
     "tier definitive: next_from"),
    ("allowed = 50\nnext_from = 50", "next_from = 50", "only the last tier may be unlimited"),
    ("allowed = 50\nnext_from = 50", "allowed = 50\nnext_from = 51", "beyond what it allows"),
    ("due_day = 5", "due_day = 11", "deadlines: Value error, due_day"),
    ("delete_day = 15", "delete_day = 14", "deadlines: Value error, due_day"),
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
    ("version = 1", "version = 1\nversion = 2", "Cannot overwrite a value"),
    ("version = 1", "version = ", "Invalid value"),
]  # fmt: skip

CONTRADICTIONS_OF_DAYS = [
    ("remind_after_days = 3", "remind_after_days = 14", "remind_after_days < lapse_after_days"),
    ("invoice_within_minutes = 30", "invoice_within_minutes = 10",
     "escalate_minutes_before < invoice_within_minutes"),
]  # fmt: skip


class TestAProgrammeFile:
    @pytest.mark.parametrize(("old", "new", "entry"), HOLES + CONTRADICTIONS)
    def test_with_a_hole_or_a_contradiction_is_refused_by_name(self, tmp_path, old, new, entry):
        assert CLASSIC_TEXT.count(old) == 1
        file = tmp_path / "mine.toml"
        file.write_text(CLASSIC_TEXT.replace(old, new), encoding="utf-8")
        with pytest.raises(ProgrammeRefused) as refused:
            read(file)
        assert str(refused.value).startswith("mine.toml: ")
        assert entry in str(refused.value)

    @pytest.mark.parametrize(("old", "new", "entry"), CONTRADICTIONS_OF_DAYS)
    def test_of_days_that_contradicts_itself_is_refused_by_name(self, tmp_path, old, new, entry):
        assert DAYS_TEXT.count(old) == 1
        file = tmp_path / "mine.toml"
        file.write_text(DAYS_TEXT.replace(old, new), encoding="utf-8")
        with pytest.raises(ProgrammeRefused, match=r"^mine\.toml: days: ") as refused:
            read(file)
        assert entry in str(refused.value)

    def test_that_is_no_utf_8_is_refused_by_name(self, tmp_path):
        (tmp_path / "mine.toml").write_bytes(b'id = "caf\xe9"')
        with pytest.raises(ProgrammeRefused, match=r"^mine\.toml: "):
            load(tmp_path)

    def test_may_offer_days_and_the_monthly_invoice(self, tmp_path):
        both = CLASSIC_TEXT.replace('["postpaid"]', '["days", "postpaid"]')
        file = tmp_path / "mine.toml"
        file.write_text(both + DAYS_TEXT[DAYS_TEXT.index("[days]") :], encoding="utf-8")
        programme = read(file)
        assert programme.settlement is Settlement.DAYS
        assert programme.postpaid


class TestAFolderOfProgrammes:
    def test_is_refused_when_it_has_none(self, tmp_path):
        with pytest.raises(ProgrammeRefused, match=r"no programme"):
            load(tmp_path)

    def test_is_refused_when_a_version_comes_twice(self):
        with pytest.raises(ProgrammeRefused, match="integrator: version 1 comes twice"):
            Programmes([INTEGRATOR, INTEGRATOR])

    def test_is_refused_when_two_programmes_would_share_a_series_of_invoice_numbers(self):
        with pytest.raises(ProgrammeRefused, match="integrator-classic: invoice_prefix 'INT'"):
            Programmes([INTEGRATOR, CLASSIC.model_copy(update={"invoice_prefix": "INT"})])

    def test_keeps_every_version_and_enrols_in_the_newest(self):
        newer = [INTEGRATOR.model_copy(update={"version": number}) for number in (10, 9)]
        programmes = Programmes([*newer, INTEGRATOR, DAYS])
        assert programmes.get("integrator", 1) is INTEGRATOR
        assert programmes.latest() == (DAYS, newer[0])
        assert programmes.all() == (DAYS, INTEGRATOR, newer[1], newer[0])
        assert programmes.newest("integrator") is newer[0]
        assert programmes.newest("nobodys") is None

    def test_has_no_version_that_is_gone(self):
        with pytest.raises(KeyError):
            PROGRAMMES.get("integrator", 2)


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

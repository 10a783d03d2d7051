"""/notices through the door."""

import pytest

from billing.families import Family
from billing.partners import Role
from bot.chat.keyboards import LABELS
from tests.bot.chat.talk import MANAGER, OTHER_OWNER, OWN_GROUP, OWNER, STRANGER, VIEWER
from tests.bot.chat.test_team import named


def test_every_choice_has_words():
    assert {f"{on}_{family}" for family in Family for on in ("wanted", "unwanted")} <= set(LABELS)
    assert {f"role_{role}" for role in Role} <= set(LABELS)


async def choices(talk):
    rows = await talk.sql("SELECT reader, family, wanted FROM notice_choices ORDER BY reader")
    return [(row["reader"], row["family"], row["wanted"]) for row in rows]


class TestReminders:
    async def test_are_turned_on_and_off_in_place(self, talk):
        shown = await talk.tell(MANAGER, "/avisos")
        assert {"wanted_trials", "unwanted_invoices", "home"} <= set(shown.labels)
        assert {"quiet_hours", "wanted_days"}.isdisjoint(shown.labels)
        [off] = await talk.press(MANAGER, shown, "wanted_trials")
        assert (off.key, "unwanted_trials" in off.labels) == (shown.key, True)
        assert await choices(talk) == [(str(MANAGER), "trials", 0)]
        [on] = await talk.press(MANAGER, off, "unwanted_trials")
        assert "wanted_trials" in on.labels

    async def test_of_others_and_of_the_group_are_the_owners_to_choose(self, talk):
        await named(talk)
        await talk.bind_groups()
        shown = await talk.tell(OWNER, "/notices")
        assert {"Max", "Vera", "Paul", "notices_group", "quiet_hours"} <= set(shown.labels)
        [hers] = await talk.press(OWNER, shown, "Vera")
        assert "Vera" in hers.text
        await talk.press(OWNER, hers, "unwanted_invoices")
        [ours] = await talk.press(OWNER, await talk.tell(OWNER, "/notices"), "notices_group")
        assert "unwanted_important" in ours.labels
        await talk.press(OWNER, ours, "unwanted_important")
        assert await choices(talk) == [(str(VIEWER), "invoices", 1), ("group", "important", 1)]

    async def test_are_nobodys_who_acts_for_no_partner(self, talk):
        assert (await talk.tell(STRANGER, "/notices")).facts["code"] == "no_partner"
        await talk.bind_groups()
        assert (await talk.tell(OWNER, "/notices", OWN_GROUP)).facts["code"] == "wrong_place"


class TestQuietHours:
    @pytest.mark.parametrize(
        ("words", "kept"),
        [
            ("23:00-07:00", "23:00-07:00"),
            ("23h às 6h30", "23:00-06:30"),
            ("0-7", "00:00-07:00"),
            ("23:00 a las 7", "23:00-07:00"),
            ("off", "00:00-00:00"),
            ("no", "00:00-00:00"),
            ("22-8", None),
            ("usual", None),
        ],
    )
    async def test_can_be_written(self, talk, words, kept):
        shown = await talk.tell(OWNER, f"/notices quiet {words}")
        assert (shown.kind, shown.facts["changed"]) == ("quiet_hours", True)
        [row] = await talk.sql("SELECT quiet FROM partners WHERE id = 'P1AAA'")
        assert row["quiet"] == kept

    @pytest.mark.parametrize(
        ("words", "code"),
        [
            ("quiet late", "hours_unclear"),
            ("quiet 25-8", "hours_unclear"),
            ("loud", "hours_unclear"),
            ("quiet 8-22", "hours_refused"),
        ],
    )
    async def test_that_are_none_are_refused_with_the_form(self, talk, words, code):
        refused = await talk.tell(OWNER, f"/notices {words}")
        assert refused.facts["code"] == code

    async def test_are_there_also_for_an_owner_who_is_alone(self, talk):
        assert "quiet_hours" in (await talk.tell(OTHER_OWNER, "/notices")).labels

    async def test_can_be_pressed_by_the_owner(self, talk):
        shown = await talk.tell(OWNER, "/notices quiet")
        [changed] = await talk.press(OWNER, shown, "20:00-08:00")
        assert "from 20:00 to 08:00" in changed.text
        [none] = await talk.press(OWNER, changed, "quiet_none")
        assert "No quiet hours" in none.text
        [usual] = await talk.press(OWNER, none, "quiet_usual")
        assert "from 22:00 to 08:00" in usual.text
        assert (await talk.tell(MANAGER, "/notices quiet 21-7")).facts["code"] == "no_right"

"""Days for instances through the door: extended, by themselves, run out, returned."""

import pytest

from tests.bot.chat.days_talk import balance, give, tick
from tests.bot.chat.talk import FINANCE, MANAGER, OWNER, STAFF_GROUP, SUPPORT, VIEWER


def of(said, kind, chat=None):
    """Return the one message of that kind among those said."""
    found = [one for one in said if one.kind == kind and chat in {None, one.chat_id}]
    assert len(found) == 1, [one.kind for one in said]
    return found[0]


@pytest.fixture
async def funded(in_days):
    """Three instances in trial, and 100 days."""
    await in_days.create("loja-1", "loja-2", "loja-3")
    await give(in_days, 100)
    return in_days


class TestExtending:
    async def test_of_one_is_done_at_once_and_says_until_when(self, funded):
        said = await funded.tell(OWNER, "/extend loja-1 30")
        assert said.kind == "progress"
        await funded.carry_out()
        shown = next(one for one in await funded.messages() if one.key == said.key)
        assert shown.facts["items"][0]["at_platform"] == "done"
        assert "Mon 6 Apr" in (await funded.replies.render(shown)).text_html
        assert await balance(funded) == 70

    async def test_of_several_shows_the_totals_first(self, funded):
        said = await funded.tell(OWNER, "/estender todas 30 dias")
        assert (said.kind, said.facts["total"], said.facts["left"]) == ("day_extension", 90, 10)
        assert await balance(funded) == 100
        await funded.press(OWNER, said, "confirm")
        assert await balance(funded) == 10

    @pytest.mark.parametrize(
        ("words", "total"),
        [
            ("all to 30", 75),
            ("todas para 10", 15),
            ("all until 2026-03-14", 24),
            ("loja-1 loja-2 until 2026-03-14", 16),
        ],
    )
    async def test_to_what_is_left_or_until_a_day_rounds_up(self, funded, words, total):
        said = await funded.tell(OWNER, f"/extend {words}")
        assert said.facts["total"] == total

    async def test_above_the_balance_says_what_is_possible(self, funded):
        said = await funded.tell(OWNER, "/extend loja-1 101")
        assert (said.facts["code"], said.facts["facts"]["possible"]) == ("not_enough_days", 100)
        assert said.labels == ["buy", "days"]
        said = await funded.tell(OWNER, "/extend all 50")
        assert (said.facts["lack"], len(said.facts["uncovered"])) == (50, 1)
        assert "confirm" not in said.labels
        (said,) = await funded.press(OWNER, said, "so_many_days")
        assert (said.facts["days"], said.facts["lack"]) == (7, 0)

    @pytest.mark.parametrize(
        ("words", "code"),
        [
            ("loja-1 0", "day_count_refused"),
            ("loja-1 -5", "day_count_refused"),
            ("loja-1 7.5", "day_count_refused"),
            ("loja-1 ٣٠", "days_unclear"),
            ("loja-1 2.250", "days_unclear"),
            ("all until 30", "date_unclear"),
            ("all until 2026-02-01", "until_past"),
            ("stopped 30", "nothing_matches"),
        ],
    )
    async def test_by_what_cannot_be_is_refused(self, funded, words, code):
        said = await funded.tell(OWNER, f"/extend {words}")
        assert said.facts["code"] == code
        assert await balance(funded) == 100

    async def test_asks_for_what_is_missing(self, funded):
        assert (await funded.tell(OWNER, "/extend")).facts["what"] == "extend"
        said = await funded.tell(OWNER, "/extend 7")
        assert (said.facts["what"], said.facts["known"]) == ("extend", "7")
        assert (await funded.tell(OWNER, "loja-1, loja-2")).facts["total"] == 14
        said = await funded.tell(OWNER, "/extend loja-1 loja-2")
        assert (said.facts["what"], said.facts["count"]) == ("extend_by", 2)
        assert (await funded.tell(OWNER, "to 10")).facts["total"] == 10
        said = await funded.tell(OWNER, "/extend all until")
        assert said.facts["asks"] == "date"
        assert (await funded.tell(OWNER, "2026-03-14")).facts["total"] == 24

    async def test_of_an_unknown_name_keeps_the_days(self, funded):
        said = await funded.tell(OWNER, "/extend loja-11 30")
        assert said.kind == "did_you_mean"
        await funded.press(OWNER, said, "loja-1")
        assert await balance(funded) == 70

    async def test_of_a_name_that_ends_with_a_number_asks_for_the_days(self, funded):
        await funded.create("loja 7")
        said = await funded.tell(OWNER, "/extend loja 7")
        assert (said.facts["what"], said.facts["count"]) == ("extend_by", 1)
        assert await balance(funded) == 100

    async def test_that_would_leave_others_short_says_so_first(self, funded):
        await funded.tell(OWNER, "/auto loja-1 on 60")
        said = await funded.tell(OWNER, "/extend loja-2 60")
        assert (said.kind, said.facts["short"]) == ("day_extension", ["loja-1"])
        assert "loja-1" in said.text

    async def test_is_shown_anew_when_it_is_no_longer_true(self, funded):
        said = await funded.tell(OWNER, "/extend all 10")
        await funded.say(MANAGER, "/extend loja-1 10")
        (anew,) = await funded.press(OWNER, said, "confirm")
        assert (anew.kind, anew.facts["changed"]) == ("day_extension", True)
        assert await balance(funded) == 90

    async def test_is_not_for_viewers(self, funded):
        assert (await funded.tell(VIEWER, "/extend loja-1 30")).facts["code"] == "no_right"
        assert (await funded.tell(VIEWER, "/days")).labels == ["list", "home"]


class TestInPlaceOfTheMonth:
    async def test_subscribing_is_thirty_days_and_cancelling_a_deletion(self, funded):
        said = await funded.tell(OWNER, "/subscribe loja-1")
        assert (said.kind, said.facts["days"]) == ("day_extension", 30)
        await funded.press(OWNER, said, "confirm")
        await funded.carry_out()
        said = await funded.tell(OWNER, "/cancel loja-1")
        assert (said.facts["operation"], said.facts["returning"]) == ("delete", 30)
        await funded.press(OWNER, said, "confirm")
        assert await balance(funded) == 100

    async def test_deleting_days_later_gives_back_whole_days_alone(self, funded):
        await funded.tell(OWNER, "/extend loja-1 30")
        await funded.carry_out()
        funded.later(days=5 + 12, hours=5)
        said = await funded.tell(OWNER, "/delete loja-1")
        assert "17 days come back" in said.text
        funded.later(days=1)
        (anew,) = await funded.press(OWNER, said, "confirm")
        assert (anew.facts["changed"], anew.facts["returning"]) == (True, 16)

    async def test_home_list_and_instance_tell_of_days(self, funded):
        await funded.tell(OWNER, "/extend loja-1 30")
        await funded.carry_out()
        home = await funded.tell(OWNER, "/start")
        assert home.facts["days"]["balance"] == 70
        assert {"days", "extend", "buy"} <= set(home.labels)
        assert "running" in (await funded.tell(OWNER, "/list")).text
        card = await funded.tell(OWNER, "/show loja-1")
        assert "35 days" in card.text
        assert {"extend", "auto_on", "delete"} <= set(card.labels)
        (auto,) = await funded.press(OWNER, card, "auto_on")
        assert (auto.kind, auto.facts["days"]) == ("auto_set", 30)
        days = await funded.tell(OWNER, "/days")
        assert "for 1 instance" in days.text
        assert days.facts["movements"][0]["name"] == "loja-1"


class TestAuto:
    async def test_is_switched_for_several_and_off_again(self, funded):
        said = await funded.tell(OWNER, "/auto all on 60")
        assert (said.facts["days"], len(said.facts["items"])) == (60, 3)
        (said,) = await funded.press(OWNER, said, "auto_off")
        assert said.facts["days"] is None
        said = await funded.tell(OWNER, "/automatico todas desligar")
        assert [one["code"] for one in said.facts["refused"]] == ["already_done"] * 3

    async def test_asks_for_whom_and_whether(self, funded):
        assert (await funded.tell(OWNER, "/auto")).facts["what"] == "auto"
        assert (await funded.tell(OWNER, "/auto on")).facts["known"] == "on"
        assert len((await funded.tell(OWNER, "loja-1")).facts["items"]) == 1
        said = await funded.tell(OWNER, "/auto loja-2")
        assert said.facts["what"] == "auto_switch"
        assert (await funded.tell(OWNER, "on 40")).facts["days"] == 40
        card = await funded.tell(OWNER, "/days")
        (said,) = await funded.press(OWNER, card, "auto")
        (said,) = await funded.press(OWNER, said, "auto_off")
        assert len(said.facts["items"]) == 2

    @pytest.mark.parametrize("days", ["0", "-1", "1.5", "٣"])
    async def test_by_no_days_is_refused(self, funded, days):
        said = await funded.tell(OWNER, f"/auto all on {days}")
        assert said.facts["code"] in {"day_count_refused", "days_unclear"}


class TestRunningOut:
    async def test_is_announced_with_buttons_that_open_what_they_offer(self, funded):
        await funded.tell(OWNER, "/extend loja-1 1")
        await funded.carry_out()
        told = []
        for _ in range(6):
            told += [one for one in await tick(funded) if one.chat_id == OWNER]
            funded.later(days=1)
        await tick(funded)
        funded.later(minutes=1)
        told += [one for one in await tick(funded) if one.chat_id == OWNER]
        three = of(told, "notice_days_3d")
        one, out = of(told, "notice_days_1d"), of(told, "notice_days_out")
        assert three.labels == ["extend", "buy"]
        for notice in (one, out):
            said = await funded.press(OWNER, notice, "extend")
            assert of(said, "day_extension").facts["days"] == 30
        said = await funded.press(OWNER, of(said, "day_extension"), "confirm")
        await funded.carry_out()
        assert (await funded.states())["loja-1"] == "active"


class TestLimit:
    async def test_lets_the_balance_go_below_nothing(self, funded):
        both = await funded.say(FINANCE, "/limit Loja Norte 50", STAFF_GROUP)
        said = of(both, "day_limit")
        assert said.facts["limit"] == 50
        assert "50 days below nothing" in of(both, "limit_agreed", OWNER).text
        await funded.tell(OWNER, "/extend loja-1 120")
        card = await funded.tell(OWNER, "/days")
        assert (card.facts["balance"], card.facts["limit"]) == (-20, 50)
        assert "-20 days" in card.text
        said = await funded.tell(OWNER, "/extend loja-2 31")
        assert said.facts["facts"]["possible"] == 30
        said = await funded.tell(FINANCE, "/limite Loja Norte desligar", STAFF_GROUP)
        assert (said.facts["code"], said.facts["facts"]["why"]) == ("limit_refused", "unpaid")

    @pytest.mark.parametrize(
        ("words", "code"),
        [
            ("Loja Norte -5", "limit_refused"),
            ("Loja Norte many", "days_unclear"),
            ("Loja Norte 7.5", "days_unclear"),
            ("Loja Norte off", "already_done"),
            ("Loja Sul 50", "no_days"),
        ],
    )
    async def test_that_cannot_be_agreed_is_refused(self, funded, words, code):
        said = await funded.tell(FINANCE, f"/limit {words}", STAFF_GROUP)
        assert said.facts["code"] == code
        assert "your" not in said.text.lower().split()

    async def test_is_asked_for_from_the_partners_card(self, funded):
        card = await funded.tell(FINANCE, "/partner Loja Norte", STAFF_GROUP)
        said = await funded.press(FINANCE, card, "limit")
        assert of(said, "ask").facts["partner"] == "Loja Norte"
        assert (
            "limit" not in (await funded.tell(SUPPORT, "/partner Loja Norte", STAFF_GROUP)).labels
        )

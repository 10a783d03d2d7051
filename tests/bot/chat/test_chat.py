"""Through the door: updates in, rows out."""

import pytest

from bot.chat.languages import LANGUAGES, SOURCE
from tests.bot.chat.talk import (
    ADMIN,
    BOT,
    FINANCE,
    FOREIGN_GROUP,
    MANAGER,
    OTHER_OWNER,
    OWNER,
    STAFF_GROUP,
    STRANGER,
    SUPPORT,
    VIEWER,
    forwarded,
    message,
    person,
    place,
    replying,
)


class TestStart:
    async def test_greets_a_stranger_and_offers_to_become_a_partner(self, talk):
        said = await talk.tell(STRANGER, "/start")
        assert (said.kind, said.labels) == ("greeting", ["apply", "language", "help"])

    async def test_shows_a_member_the_home_card(self, talk):
        said = await talk.tell(OWNER, "/start whatever")
        assert said.kind == "home"
        assert said.facts["partner"] == "Loja Norte"

    async def test_tells_staff_where_they_work(self, talk):
        assert (await talk.tell(ADMIN, "/start")).kind == "staff_greeting"
        assert (await talk.tell(ADMIN, "/start", STAFF_GROUP)).labels == ["queue", "help"]

    async def test_says_how_a_foreign_group_is_bound(self, talk):
        assert (await talk.tell(ADMIN, "/start", FOREIGN_GROUP)).kind == "bind_hint"

    async def test_is_answered_once_however_often_it_is_received(self, talk):
        raw = {"update_id": 1, "message": message(OWNER, "/start", OWNER)}
        assert await talk.again(raw) == []  # not in the inbox: done before
        await talk.receive({"message": message(OWNER, "/start", OWNER)})
        raw["update_id"] = talk.last_update
        assert await talk.again(raw) == []


class TestApplying:
    async def test_goes_from_a_button_to_a_partner(self, talk):
        hello = await talk.tell(STRANGER, "/start")
        [question] = await talk.press(STRANGER, hello, "apply")
        assert (question.kind, question.facts["what"]) == ("ask", "apply")
        card, applied = await talk.say(STRANGER, "Padaria <b>Sol</b>")
        assert (applied.kind, applied.facts["company"]) == ("applied", "Padaria <b>Sol</b>")
        assert (card.kind, card.chat_id) == ("application", STAFF_GROUP)
        [choosing] = await talk.press(SUPPORT, card, "approve")
        assert choosing.key == card.key
        # What each programme means is said, its button has its id.
        for words in ("one invoice a month", "days bought in advance", "trial "):
            assert words in choosing.text
        decided, own, welcome = await talk.press(SUPPORT, choosing, "integrator")
        assert (own.key, own.facts["state"], own.labels) == (applied.key, "approved", [])
        assert (decided.kind, decided.labels) == ("application", [])
        assert (welcome.kind, welcome.chat_id) == ("approved", STRANGER)
        assert (await talk.tell(STRANGER, "/start")).kind == "home"

    async def test_is_edited_by_the_toggle(self, talk):
        _, applied = await talk.say(STRANGER, "/apply Padaria Sol")
        changed = await talk.press(STRANGER, applied, "migrate_yes")
        again = next(said for said in changed if said.kind == "applied")
        assert (again.key, again.facts["migrate"]) == (applied.key, True)
        assert len(await talk.sql("SELECT id FROM applications")) == 1

    async def test_is_declined_with_the_reason_that_is_asked_for(self, talk):
        card, _ = await talk.say(STRANGER, "/apply Padaria Sol")
        [question] = await talk.press(SUPPORT, card, "decline")
        assert question.facts["group"] is True
        assert await talk.say(SUPPORT, "no chatter is taken", STAFF_GROUP) == []
        said = await talk.say(SUPPORT, "no tax id", STAFF_GROUP, **replying(BOT["id"]))
        assert {one.kind for one in said} == {"application", "applied", "declined", "said"}
        assert next(one for one in said if one.kind == "declined").facts["reason"] == "no tax id"

    async def test_in_the_queue_is_a_card_with_the_same_buttons(self, talk):
        await talk.say(STRANGER, "/apply Padaria Sol")
        queue = await talk.tell(ADMIN, "/queue", STAFF_GROUP)
        [copy] = await talk.press(ADMIN, queue, "Padaria Sol")
        assert (copy.key, copy.labels) == (queue.key, ["approve", "decline", "claim"])
        [choosing] = await talk.press(ADMIN, copy, "approve")
        said = await talk.press(ADMIN, choosing, "integrator")
        decided = next(one for one in said if one.key == queue.key)
        assert (decided.facts["state"], decided.labels) == ("approved", [])

    async def test_by_staff_is_refused(self, talk):
        said = await talk.tell(ADMIN, "/apply Mine")
        assert said.facts["code"] == "staff_cannot_apply"


class TestInstances:
    async def test_are_created_and_shown_as_they_come(self, talk):
        said = await talk.tell(OWNER, "/new loja-1 loja-2")
        assert (said.kind, len(said.facts["items"])) == ("progress", 2)
        await talk.carry_out()
        assert await talk.states() == {"loja-1": "trial", "loja-2": "trial"}

    async def test_are_named_in_answer_to_a_question(self, talk):
        await talk.say(OWNER, "new")
        said = await talk.tell(OWNER, "Loja do Zé, Loja da Ana")
        assert [item["name"] for item in said.facts["items"]] == ["Loja da Ana", "Loja do Zé"]

    async def test_question_is_left_by_cancel_alone(self, talk):
        await talk.say(OWNER, "/new")
        assert (await talk.tell(OWNER, "/cancel")).facts["what"] == "question_left"
        assert (await talk.tell(OWNER, "zzzz")).kind == "not_understood"
        assert await talk.states() == {}

    async def test_question_is_left_by_any_command_and_by_any_button(self, talk):
        home = await talk.tell(OWNER, "/start")
        await talk.say(OWNER, "/new")
        assert (await talk.tell(OWNER, "/list")).kind == "list"
        await talk.say(OWNER, "/new")
        await talk.press(OWNER, home, "preview")
        assert (await talk.tell(OWNER, "lista")).kind == "list"
        assert await talk.states() == {}

    async def test_question_stays_open_after_an_answer_that_cannot_be_one(self, talk):
        await talk.say(OWNER, "/new")
        assert (await talk.tell(OWNER, "12")).facts["code"] == "name_refused"
        assert (await talk.tell(OWNER, "loja-1")).kind == "progress"

    @pytest.mark.parametrize(
        ("name", "why"), [("x" * 65, "too_long"), ("7", "number"), ("all", "filter")]
    )
    async def test_with_a_name_that_cannot_be_one_are_refused(self, talk, name, why):
        said = await talk.tell(OWNER, f"/new {name}")
        assert (said.facts["code"], said.facts["facts"]["why"]) == ("name_refused", why)

    async def test_beyond_the_quota_are_refused_with_count_limit_and_button(self, talk):
        await talk.sql("UPDATE tokens SET created = allowed")
        said = await talk.tell(OWNER, "/new a b")
        assert said.facts["code"] == "token_used_up"
        assert said.facts["facts"]["allowed"] == said.facts["facts"]["created"]
        assert said.labels[0] == "request_next_token"
        assert await talk.states() == {}

    async def test_are_listed_by_filter_and_named_by_number(self, talk):
        await talk.create("loja-1", "loja-2", "loja-3")
        listed = await talk.tell(OWNER, "/list trial")
        assert [item["number"] for item in listed.facts["items"]] == [1, 2, 3]
        assert (await talk.tell(OWNER, "/show 2")).facts["name"] == "loja-2"
        assert (await talk.tell(OWNER, "/show 4")).facts["code"] == "not_in_list"
        several = await talk.tell(OWNER, "/show 2-3")
        assert several.labels == ["loja-2", "loja-3", "list"]
        assert (await talk.tell(OWNER, "/list nonsense")).facts["code"] == "no_such_filter"
        assert (await talk.tell(OWNER, "/rename loja-1")).facts["what"] == "rename_to"

    async def test_list_turns_its_pages_in_place(self, talk):
        await talk.create(*(f"loja-{n:02}" for n in range(1, 13)))
        listed = await talk.tell(OWNER, "/list")
        [second] = await talk.press(OWNER, listed, "next")
        assert (second.key, second.facts["page"]) == (listed.key, 2)
        assert [item["name"] for item in second.facts["items"]] == ["loja-11", "loja-12"]
        assert (await talk.tell(OWNER, "/show 12")).facts["name"] == "loja-12"

    async def test_of_another_partner_are_as_if_there_were_none(self, talk):
        await talk.create("loja-1")
        its = (await talk.ids_by_name())["loja-1"]
        refused = [
            await talk.tell(OTHER_OWNER, f"/{command} {wanted}")
            for command in ("show", "cancel", "delete", "subscribe", "keep")
            for wanted in (its, "ZZZZ9")
        ]
        codes = {(said.kind, said.facts["code"]) for said in refused}
        assert codes == {("refusal", "not_found")}
        assert await talk.states() == {"loja-1": "trial"}

    async def test_unknown_gets_the_nearest_as_buttons_that_do_it(self, talk):
        await talk.create("loja-norte", "padaria")
        said = await talk.tell(OWNER, "/subscribe loja-nort")
        assert (said.kind, said.labels[0]) == ("did_you_mean", "loja-norte")
        [confirm] = await talk.press(OWNER, said, "loja-norte")
        assert (confirm.kind, confirm.facts["operation"]) == ("confirm", "subscribe")

    async def test_are_renamed_by_words_and_by_button(self, talk):
        await talk.create("loja-1")
        said = await talk.tell(OWNER, "/rename loja-1 Loja <i>Um</i>")
        assert said.facts["name"] == "Loja <i>Um</i>"
        card = await talk.tell(OWNER, "/show Loja <i>Um</i>")
        await talk.press(OWNER, card, "rename")
        assert (await talk.tell(OWNER, "loja 2")).facts["name"] == "loja 2"
        assert "loja 2" in await talk.states()

    async def test_deleted_one_is_still_shown_by_its_id(self, talk):
        await talk.create("loja-1")
        its = (await talk.ids_by_name())["loja-1"]
        card = await talk.tell(OWNER, "/delete loja-1")
        await talk.press(OWNER, card, "confirm")
        assert (await talk.tell(OWNER, f"/show {its.lower()}")).facts["state"] == "deleted"


class TestChanges:
    async def test_are_confirmed_once_and_done_once(self, talk):
        await talk.create("loja-1", "loja-2")
        card = await talk.tell(OWNER, "/subscribe loja-1 loja-2")
        assert (card.kind, len(card.facts["items"])) == ("confirm", 2)
        assert set((await talk.states()).values()) == {"trial"}
        [done] = await talk.press(OWNER, card, "confirm")
        assert (done.key, done.kind) == (card.key, "progress")
        assert set((await talk.states()).values()) == {"active"}
        assert await talk.press(OWNER, card, "confirm") == []
        assert talk.bot.toasts[-1] == "That was already done."
        assert len(await talk.sql("SELECT id FROM audit WHERE action = 'subscribe'")) == 2

    async def test_are_shown_anew_and_not_done_when_the_month_changed(self, talk):
        await talk.create("loja-1")
        talk.later(days=29, hours=13)
        await talk.sql("UPDATE instances SET trial_ends_at = trial_ends_at + 3000000000000")
        card = await talk.tell(OWNER, "/subscribe loja-1")
        talk.later(days=1)
        [anew] = await talk.press(OWNER, card, "confirm")
        assert (anew.kind, anew.key, anew.facts["changed"]) == ("confirm", card.key, True)
        assert await talk.states() == {"loja-1": "trial"}

    async def test_of_a_trial_are_answered_with_an_offer_to_delete_it(self, talk):
        await talk.create("loja-1")
        said = await talk.tell(OWNER, "/cancel loja-1")
        assert (said.kind, said.facts["refused"][0]["code"]) == ("impossible", "nothing_to_cancel")
        [confirm] = await talk.press(OWNER, said, "delete")
        assert confirm.facts["operation"] == "delete"

    async def test_show_what_is_possible_beside_what_is_not(self, talk):
        await talk.create("loja-1", "loja-2")
        await talk.press(OWNER, await talk.tell(OWNER, "/subscribe loja-1"), "confirm")
        said = await talk.tell(OWNER, "/subscribe all")
        assert [item["name"] for item in said.facts["items"]] == ["loja-2"]
        assert [item["code"] for item in said.facts["refused"]] == ["already_done"]

    async def test_run_through_cancel_and_keep(self, talk):
        await talk.create("loja-1")
        await talk.press(OWNER, await talk.tell(OWNER, "assinar loja-1"), "confirm")
        card = await talk.tell(OWNER, "cancelar loja-1")
        assert card.facts["items"][0]["service_ends_at"] is not None
        [done] = await talk.press(OWNER, card, "confirm")
        await talk.carry_out()
        shown = next(said for said in await talk.messages() if said.key == done.key)
        [keep] = await talk.press(OWNER, shown, "keep")
        assert keep.key != done.key  # what shows the course of something stays readable
        await talk.press(OWNER, keep, "confirm")
        assert await talk.states() == {"loja-1": "active"}

    async def test_without_words_ask_which(self, talk):
        await talk.create("loja-1")
        said = await talk.tell(OWNER, "/subscribe")
        assert (said.facts["what"], said.labels) == ("subscribe", ["loja-1", "home"])
        assert (await talk.tell(OWNER, "loja-1")).kind == "confirm"


class TestButtons:
    async def test_made_up_are_old_and_show_a_partner_the_home_card(self, talk):
        [said] = await talk.press_id(OWNER, "A" * 22, OWNER)
        assert said.kind == "home"
        assert await talk.press_id(STRANGER, "", STRANGER) == []
        assert len(set(talk.bot.toasts)) == 1

    async def test_of_somebody_else_do_nothing_and_reveal_nothing(self, talk):
        await talk.create("loja-1")
        card = await talk.tell(OWNER, "/subscribe loja-1")
        stolen = card.intent("confirm")
        assert [said.kind for said in await talk.press_id(OTHER_OWNER, stolen, OTHER_OWNER)] == [
            "home"
        ]
        assert await talk.states() == {"loja-1": "trial"}
        assert await talk.denied() == 1

    async def test_expired_are_old(self, talk):
        card = await talk.tell(OWNER, "/start")
        talk.later(days=61)
        [said] = await talk.press(OWNER, card, "list")
        assert said.kind == "home"

    async def test_used_already_say_so_and_show_how_things_stand(self, talk):
        await talk.create("loja-1")
        card = await talk.tell(OWNER, "/subscribe loja-1")
        await talk.sql("UPDATE intents SET used_at = created_at, used_by = 1")
        [said] = await talk.press(OWNER, card, "confirm")
        assert (said.kind, talk.bot.toasts[-1]) == ("instance", "That was already done.")
        [said] = await talk.press(OWNER, await talk.tell(OWNER, "/start"), "list")
        assert said.kind == "list"

    async def test_of_a_decided_application_change_nothing(self, talk):
        card, _ = await talk.say(STRANGER, "/apply Padaria Sol")
        [choosing] = await talk.press(SUPPORT, card, "approve")
        await talk.press(SUPPORT, choosing, "integrator")
        assert await talk.press(ADMIN, choosing, "integrator") == []
        assert await talk.press(ADMIN, card, "decline") == []
        assert len(await talk.sql("SELECT id FROM partners")) == 3

    async def test_whose_toast_telegram_refuses_are_done_all_the_same(self, talk):
        talk.bot.fails = True
        [said] = await talk.press(OWNER, await talk.tell(OWNER, "/start"), "list")
        assert said.kind == "list"
        await talk.chat.menus()
        assert talk.bot.menus == []

    async def test_in_the_group_are_pressed_by_whoever_has_the_right(self, talk):
        card, _ = await talk.say(STRANGER, "/apply Padaria Sol")
        assert await talk.press(STRANGER, card, "approve") == []
        assert talk.bot.toasts[-1] == "You may not do that. Nothing was changed."
        assert await talk.denied() == 1
        queue = await talk.tell(SUPPORT, "/queue", STAFF_GROUP)
        [again] = await talk.press(FINANCE, queue, "queue")
        assert again.kind == "queue"

    async def test_of_staff_who_are_none_any_more_do_nothing(self, talk):
        card, _ = await talk.say(STRANGER, "/apply Padaria Sol")
        await talk.say(ADMIN, f"/staff {SUPPORT} remove", STAFF_GROUP)
        assert await talk.press(SUPPORT, card, "approve") == []
        assert await talk.denied() == 1

    async def test_pressed_without_a_message_do_nothing(self, talk):
        card = await talk.tell(OWNER, "/start")
        query = {
            "id": "1", "from": person(OWNER), "chat_instance": "1", "inline_message_id": "9",
            "data": card.intent("list"),
        }  # fmt: skip
        assert await talk.receive({"callback_query": query}) == []


class TestTokens:
    async def test_secret_is_shown_until_saved_and_never_in_a_row(self, talk):
        card = await talk.tell(OWNER, "/token")
        [duty] = await talk.press(OWNER, card, "show_token")
        assert duty.kind == "responsibility"
        [secret] = await talk.press(OWNER, duty, "confirm")
        assert secret.kind == "secret"
        again = await talk.tell(OWNER, "/token")
        [shown] = await talk.press(OWNER, again, "show_token")
        assert shown.facts["keys"] == secret.facts["keys"]
        [saved] = await talk.press(OWNER, shown, "saved")
        assert (saved.kind, saved.key) == ("secret_saved", shown.key)
        card = await talk.tell(OWNER, "/token")
        [gone] = await talk.press(OWNER, card, "show_token")
        assert gone.kind == "token_saved"
        [anew] = await talk.press(OWNER, gone, "rotate")
        assert anew.facts["rotate"] is True
        kept = await talk.sql("SELECT facts, buttons FROM messages")
        assert not any("pd_live" in row["facts"] + row["buttons"] for row in kept)

    async def test_of_instances_are_shown_once(self, talk):
        await talk.create("loja-1")
        progress = next(said for said in await talk.messages() if said.kind == "progress")
        [secret] = await talk.press(OWNER, progress, "show_token")
        assert secret.facts["names"] == ["loja-1"]
        await talk.press(OWNER, secret, "saved")
        [none] = await talk.press(OWNER, progress, "show_token")
        assert none.kind == "no_secrets"

    async def test_next_is_asked_for_and_granted_by_button(self, talk):
        await talk.sql("UPDATE tokens SET created = allowed")
        card = await talk.tell(OWNER, "/token")
        said = await talk.press(OWNER, card, "request_next_token")
        request = next(one for one in said if one.kind == "token_request")
        said = await talk.press(SUPPORT, request, "approve")
        assert {one.kind for one in said} == {"token_request", "token_granted", "said"}


class TestStaff:
    async def test_bind_another_group_as_an_admin_alone_and_it_has_its_menu(self, talk):
        hint = await talk.tell(SUPPORT, "/bind", FOREIGN_GROUP)
        assert (hint.kind, hint.facts["first"]) == ("bind_hint", False)
        assert "admin" in hint.text
        wrong = await talk.tell(STRANGER, "/bind guess", FOREIGN_GROUP)
        assert wrong.facts["code"] == "wrong_code"
        assert "admin" in wrong.text
        assert talk.bot.menus == []
        assert (await talk.tell(ADMIN, "/bind", FOREIGN_GROUP)).facts["what"] == "bound"
        assert {scope.chat_id for scope, _, _ in talk.bot.menus} == {FOREIGN_GROUP}

    async def test_find_a_partner_by_the_beginning_of_its_name(self, talk):
        said = await talk.tell(SUPPORT, "/partner loja n", STAFF_GROUP)
        assert (said.kind, said.facts["partner"]) == ("partner", "Loja Norte")
        choice = await talk.tell(SUPPORT, "/partner loja", STAFF_GROUP)
        [card] = await talk.press(SUPPORT, choice, "Loja Sul")
        assert card.facts["id"] == "P2BBB"

    async def test_freeze_the_partner_that_the_words_begin_with(self, talk):
        said = await talk.tell(SUPPORT, "/freeze Loja Norte late with papers", STAFF_GROUP)
        assert said.facts["reason"] == "late with papers"
        refused = await talk.tell(OWNER, "/new loja-1")
        assert refused.facts["code"] == "partner_frozen"
        assert (await talk.tell(SUPPORT, '/unfreeze "Loja Norte"', STAFF_GROUP)).facts[
            "what"
        ] == "unfrozen"
        missing = await talk.tell(SUPPORT, "/freeze Loja Norte", STAFF_GROUP)
        assert (missing.facts["what"], missing.facts["partner"]) == ("freeze", "Loja Norte")
        choice = await talk.tell(SUPPORT, "/freeze Loja late", STAFF_GROUP)
        assert choice.kind == "partner_choice"

    async def test_freeze_and_thaw_by_button(self, talk):
        card = await talk.tell(SUPPORT, "/partner Loja Norte", STAFF_GROUP)
        await talk.press(SUPPORT, card, "freeze")
        said = await talk.say(SUPPORT, "no papers", STAFF_GROUP, **replying(BOT["id"]))
        assert "partner_freeze" in {one.kind for one in said}
        frozen = await talk.tell(SUPPORT, "/partner Loja Norte", STAFF_GROUP)
        assert frozen.facts["frozen_reason"] == "no papers"
        said = await talk.press(SUPPORT, frozen, "unfreeze")
        thawed = next(one for one in said if one.kind == "partner")
        assert thawed.facts["frozen_at"] is None
        [history] = await talk.press(SUPPORT, thawed, "audit")
        assert {row["action"] for row in history.facts["rows"]} == {"freeze", "unfreeze"}

    async def test_ask_for_the_partner_that_was_not_named(self, talk):
        asked = await talk.tell(SUPPORT, "/partner", STAFF_GROUP)
        assert asked.facts["what"] == "partner"
        nobody = await talk.tell(SUPPORT, "zzz", STAFF_GROUP, **replying(BOT["id"]))
        assert nobody.facts["code"] == "not_found"
        found = await talk.tell(SUPPORT, "Loja Sul", STAFF_GROUP, **replying(BOT["id"]))
        assert found.kind == "partner"
        for words in ("grant", "freeze", "unfreeze"):
            none = await talk.tell(SUPPORT, f"/{words} zzz now", STAFF_GROUP)
            assert none.facts["code"] == "not_found"

    async def test_grant_the_tier_that_is_named(self, talk):
        async def code(words):
            return (await talk.tell(ADMIN, f"/grant {words}", STAFF_GROUP)).facts.get("code")

        assert await code("Loja Norte platinum") == "not_found"
        assert await code("Loja") is None  # asked back
        assert await code("Loja Norte 2") is None
        assert await code("Loja Norte 2") == "already_done"
        [row] = await talk.sql("SELECT MAX(tier) AS tier FROM tokens WHERE partner_id = 'P1AAA'")
        assert row["tier"] == 2

    async def test_decide_on_a_token_from_the_queue(self, talk):
        await talk.sql("UPDATE tokens SET created = allowed")
        await talk.press(OWNER, await talk.tell(OWNER, "/token"), "request_next_token")
        queue = await talk.tell(SUPPORT, "/queue", STAFF_GROUP)
        [card] = await talk.press(SUPPORT, queue, "Loja Norte")
        await talk.press(SUPPORT, card, "decline")
        said = await talk.say(SUPPORT, "not yet", STAFF_GROUP, **replying(BOT["id"]))
        assert {one.kind for one in said} == {"token_request", "token_refused", "said"}
        refused = next(one for one in said if one.kind == "token_refused")
        assert "not yet" in refused.text

    async def test_appoint_by_reply_and_never_a_shared_id(self, talk):
        said = await talk.tell(ADMIN, "/staff support", STAFF_GROUP, **replying(STRANGER))
        assert (said.facts["user_id"], said.facts["person"]) == (STRANGER, "Steve")
        shared = await talk.tell(ADMIN, "/staff 1087968824 admin", STAFF_GROUP)
        assert shared.facts["code"] == "not_found"
        refused = await talk.tell(SUPPORT, f"/staff {STRANGER} admin", STAFF_GROUP)
        assert refused.facts["code"] == "no_right"
        assert await talk.denied() == 1

    async def test_appoint_a_colleague_by_name_and_ask_back_for_a_stranger(self, talk):
        await talk.tell(SUPPORT, "/queue", STAFF_GROUP)
        done = await talk.tell(ADMIN, "/staff süe finance", STAFF_GROUP)
        assert (done.facts["user_id"], done.facts["role"]) == (SUPPORT, "finance")
        await talk.say(STRANGER, "/start")
        asked = await talk.tell(ADMIN, "/staff steve support", STAFF_GROUP)
        assert asked.kind == "person_choice"
        assert str(STRANGER) in asked.text
        [done] = await talk.press(ADMIN, asked, f"Steve: {STRANGER}")
        assert (done.facts["user_id"], done.facts["role"]) == (STRANGER, "support")
        nobody = await talk.tell(ADMIN, "/staff @nobody support", STAFF_GROUP)
        assert nobody.facts["code"] == "not_found"
        assert "/staff support" in nobody.text

    async def test_appoint_nobody_by_name_who_is_not_admin(self, talk):
        await talk.say(STRANGER, "/start")
        refused = await talk.tell(SUPPORT, "/staff steve admin", STAFF_GROUP)
        assert refused.facts["code"] == "no_right"

    async def test_halt_resume_grant_audit_report_and_dryrun_answer(self, talk):
        async def what(text):
            said = await talk.tell(ADMIN, text, STAFF_GROUP)
            return said.facts.get("what") or said.facts.get("code") or said.kind

        assert await what("/halt storm") == "halted"
        assert await what("/resume") == "resumed"
        assert await what("/grant Loja Norte") == "granted"
        assert await what("/audit Loja Norte") == "audit"
        assert await what("/audit") == "audit"
        assert await what("/report") == "report"
        assert await what("/report 2026-02") == "report"
        assert await what("/report fevereiro") == "month_unclear"
        assert await what("/dryrun 2026-03") == "dryrun"
        assert await what("/staff") == "staff_list"
        assert await what("/help") == "help"


class TestPlaces:
    async def test_partner_commands_are_for_private_chats(self, talk):
        said = await talk.tell(OWNER, "/list", STAFF_GROUP)
        assert (said.facts["code"], said.facts["facts"]["place"]) == ("wrong_place", "private")

    async def test_chatter_in_groups_and_other_bots_commands_are_not_heard(self, talk):
        for text in ("hello", "list", "/list@other_bot", "/partner@other_bot x"):
            assert await talk.say(OWNER, text, STAFF_GROUP) == []
        assert await talk.say(OWNER, "/nonsense", FOREIGN_GROUP) == []
        assert (await talk.tell(ADMIN, "/queue@desk_bot", STAFF_GROUP)).kind == "queue"

    async def test_unknown_words_get_the_nearest_commands(self, talk):
        said = await talk.tell(OWNER, "/subscrbe loja-1")
        assert (said.kind, said.labels[0]) == ("did_you_mean", "/subscribe")
        assert (await talk.tell(OWNER, "listra")).labels[0] == "/list"
        assert (await talk.tell(STRANGER, "/qeue")).labels == ["help"]

    async def test_no_guess_does_harm_is_foreign_or_takes_a_sentence_along(self, talk):
        for text in ("minha dúvida é esta", "Obrigada!", "ok, vou tentar", "e", "elimin"):
            said = await talk.tell(OWNER, text)
            assert (said.kind, said.labels) == ("not_understood", ["to_staff", "help"]), text
        passed = await talk.press(OWNER, said, "to_staff")
        assert [one.facts["what"] for one in passed if one.chat_id == OWNER] == ["support_sent"]
        for text, meant in {
            "menu": "/start", "please cancel": "/cancel", "/lembretes": "/notices",
            "/nova": "/new", "/instancias": "/list", "/view": "/show", "/reminders": "/notices",
        }.items():  # fmt: skip
            assert (await talk.tell(OWNER, text)).labels[0] == meant

    async def test_edited_and_forwarded_commands_are_told_so_in_private_alone(self, talk):
        said = await talk.tell(OWNER, "/new loja-1", **forwarded())
        assert said.facts["what"] == "forwarded"
        [said] = await talk.receive({"edited_message": message(OWNER, "/new loja-1", OWNER)})
        assert said.facts["what"] == "edited"
        assert await talk.say(ADMIN, "/queue", STAFF_GROUP, **forwarded()) == []
        assert await talk.states() == {}
        assert await talk.denied() == 3

    async def test_anonymous_admin_is_asked_to_write_as_a_person(self, talk):
        said = await talk.tell(1087968824, "/halt now", STAFF_GROUP, sender_chat=place(STAFF_GROUP))
        assert said.facts["what"] == "write_as_yourself"
        assert await talk.denied() == 1

    async def test_channel_posts_and_unknown_updates_are_done_and_nothing_more(self, talk):
        post = {**message(ADMIN, "/halt x", -100), "chat": {"id": -100, "type": "channel"}}
        assert await talk.receive({"channel_post": post}) == []
        assert await talk.receive({"something_new": {"a": 1}}) == []
        states = {row["state"] for row in await talk.sql("SELECT state FROM inbox")}
        assert states == {"done"}

    async def test_group_that_moves_keeps_its_staff(self, talk):
        await talk.receive(
            {"message": {**message(ADMIN, "", STAFF_GROUP), "migrate_to_chat_id": -100777}}
        )
        assert (await talk.tell(ADMIN, "/queue", -100777)).kind == "queue"

    async def test_bot_that_is_added_says_once_how_a_group_is_bound(self, talk):
        def change(chat, old, new):
            of = {"user": BOT, "until_date": 0}
            rights = dict.fromkeys(
                ("can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages"), False
            )
            return {
                "my_chat_member": {
                    "chat": place(chat), "from": person(OWNER), "date": 1,
                    "old_chat_member": {**of, **rights, "status": old},
                    "new_chat_member": {**of, **rights, "status": new},
                }
            }  # fmt: skip

        [said] = await talk.receive(change(FOREIGN_GROUP, "left", "member"))
        assert said.kind == "bind_hint"
        assert await talk.receive(change(STAFF_GROUP, "left", "member")) == []
        assert await talk.receive(change(FOREIGN_GROUP, "member", "left")) == []
        await talk.tell(OWNER, "/start")
        await talk.receive(change(OWNER, "member", "kicked"))
        [row] = await talk.sql("SELECT blocked_at FROM persons WHERE user_id = 21")
        assert row["blocked_at"] is not None

    async def test_file_is_told_that_it_is_not_read(self, talk):
        sent = message(OWNER, "", OWNER)
        del sent["text"]
        sent["document"] = {"file_id": "f", "file_unique_id": "u"}
        [said] = await talk.receive({"message": sent})
        assert said.facts["what"] == "no_files"


class TestSettings:
    async def test_language_and_zone_are_set_by_word_and_button(self, talk):
        unknown = await talk.tell(OWNER, "/language xx")
        assert "I do not speak <b>xx</b>" in unknown.text
        assert unknown.labels[0] == "English"
        card = await talk.tell(OWNER, "/language")
        [said] = await talk.press(OWNER, card, "Português (Brasil)")
        assert (said.facts["what"], said.facts["language"]) == ("spoken", "pt_BR")
        assert (await talk.tell(OWNER, "/idioma english")).facts["language"] == "en"
        said = await talk.tell(OWNER, "/timezone america/manaus")
        assert said.facts["zone"] == "America/Manaus"
        assert "Sao_Paulo" in (await talk.tell(SUPPORT, "/timezone")).text
        near = await talk.tell(OWNER, "/timezone sao paolo")
        [said] = await talk.press(OWNER, near, "America/Sao_Paulo")
        assert said.facts["zone"] == "America/Sao_Paulo"
        assert near.labels[-1] == "timezone"
        for city, zone in {"Brasília": "America/Sao_Paulo", "Lisbon": "Europe/Lisbon"}.items():
            assert (await talk.tell(OWNER, f"/timezone {city}")).facts["zone"] == zone
        assert (await talk.tell(OWNER, "/timezone 東京")).facts["code"] == "unknown_zone"
        assert (await talk.tell(VIEWER, "/timezone utc")).facts["code"] == "no_right"

    async def test_home_is_where_each_of_them_begins(self, talk):
        for user, chat, kind in (
            (STRANGER, STRANGER, "greeting"), (ADMIN, STAFF_GROUP, "staff_greeting"),
            (OWNER, OWNER, "home"),
        ):  # fmt: skip
            said = await talk.tell(user, "/language", chat)
            assert [one.kind for one in await talk.press(user, said, "home")] == [kind]

    async def test_help_lists_what_one_may_say_here(self, talk):
        assert "queue" not in (await talk.tell(OWNER, "/help")).facts["commands"]
        assert "new" not in (await talk.tell(VIEWER, "/help")).facts["commands"]
        staff = (await talk.tell(SUPPORT, "/help", STAFF_GROUP)).facts["commands"]
        assert "freeze" in staff
        assert "halt" not in staff
        assert (await talk.tell(MANAGER, "/help cancelar")).facts["command"] == "cancel"

    async def test_menus_are_set_per_place_and_language(self, talk):
        await talk.chat.menus()
        shown = {
            (getattr(scope, "chat_id", "private"), language): names
            for scope, language, names in talk.bot.menus
        }
        codes = [None, *(code[:2] for code in LANGUAGES if code != SOURCE)]
        assert set(shown) == {(place, code) for place in ("private", STAFF_GROUP) for code in codes}
        assert "criar" in shown["private", "pt"]
        assert "crear" in shown["private", "es"]
        assert "queue" in shown[STAFF_GROUP, None]

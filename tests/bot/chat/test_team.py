"""/team through the door: members, roles, one-time links."""

from tests.bot.chat.talk import (
    MANAGER,
    NAMES,
    OTHER_OWNER,
    OWN_GROUP,
    OWNER,
    STRANGER,
    VIEWER,
    Talk,
)


async def code_of(talk: Talk, key: str) -> str:
    async def unit(work):
        return work.vault.open(await work.tokens.secret(key))

    return await talk.store.write(unit)


async def named(talk: Talk) -> None:
    """Let the bot know everybody's name."""
    for user in NAMES:
        await talk.say(user, "/help")


async def roles(talk: Talk) -> dict[int, str]:
    rows = await talk.sql("SELECT user_id, role FROM members WHERE partner_id = 'P1AAA'")
    return {row["user_id"]: row["role"] for row in rows}


class TestTheTeam:
    async def test_is_shown_with_a_button_for_each_and_changed_in_place(self, talk):
        await named(talk)
        shown = await talk.tell(OWNER, "/team")
        assert {"Olga", "Max", "Vera", "Paul", "invite", "group"} <= set(shown.labels)
        assert "<b>Max</b> · manager" in shown.text
        [member] = await talk.press(OWNER, shown, "Max")
        assert member.labels == ["role_viewer", "role_finance", "role_owner", "remove", "back"]
        said = await talk.press(OWNER, member, "role_finance")
        assert {(one.chat_id, one.kind) for one in said} == {
            (OWNER, "team_member"), (MANAGER, "team_role"),
        }  # fmt: skip
        assert (await roles(talk))[MANAGER] == "finance"
        told = next(one for one in said if one.chat_id == MANAGER)
        assert told.text == "👥 You are <b>finance</b> of <b>Loja Norte</b> now, by Olga."

    async def test_asks_before_it_has_another_owner(self, talk):
        await named(talk)
        [member] = await talk.press(OWNER, await talk.tell(OWNER, "/team"), "Max")
        [asked] = await talk.press(OWNER, member, "role_owner")
        assert asked.kind == "team_promoting"
        assert "<b>Max</b>" in asked.text
        assert (await roles(talk))[MANAGER] == "manager"
        [back] = await talk.press(OWNER, asked, "back")
        assert back.kind == "team_member"
        asked = await talk.tell(OWNER, "/team Max owner")
        await talk.press(OWNER, asked, "confirm")
        assert (await roles(talk))[MANAGER] == "owner"
        assert "is owner already" in (await talk.tell(OWNER, "/team Max owner")).text

    async def test_can_be_changed_by_words(self, talk):
        await named(talk)
        assert (await talk.tell(OWNER, "/team Vera")).kind == "team_member"
        said = await talk.say(OWNER, "/membros vera gerente")
        assert said[0].facts["role"] == "manager"
        for spanish, role in (("lector", "viewer"), ("finanzas", "finance")):
            said = await talk.say(OWNER, f"/miembros vera {spanish}")
            assert said[0].facts["role"] == role
        # An owner may do everything: that is asked first.
        asked = await talk.tell(OWNER, "/miembros vera dueña")
        assert (asked.kind, asked.labels) == ("team_promoting", ["confirm", "back"])
        assert (await roles(talk))[VIEWER] == "finance"
        await talk.say(OWNER, "/miembros vera gerente")
        again = await talk.tell(OWNER, f"/team {VIEWER} manager")
        assert "is manager already" in again.text
        asked = await talk.tell(OWNER, "/team Vera remove")
        assert asked.kind == "team_removing"
        for words, code in (
            ("Nobody viewer", "not_found"),
            ("Vera king", "member_role_unclear"),
            ("invite king", "member_role_unclear"),
            ("Olga remove", "last_owner"),
            ("Olga viewer", "last_owner"),
        ):
            assert (await talk.tell(OWNER, f"/team {words}")).facts["code"] == code

    async def test_names_may_hold_blanks(self, talk):
        await named(talk)
        await talk.sql(f"UPDATE persons SET name = 'Max Mustermann' WHERE user_id = {MANAGER}")
        assert (await talk.tell(OWNER, "/team max mustermann")).facts["role"] == "manager"
        said = await talk.say(OWNER, "/team Max Mustermann viewer")
        assert said[0].facts["role"] == "viewer"

    async def test_is_the_owners_and_private(self, talk):
        for user in (MANAGER, VIEWER):
            assert (await talk.tell(user, "/team")).facts["code"] == "no_right"
        await talk.bind_groups()
        refused = await talk.tell(OWNER, "/team", OWN_GROUP)
        assert (refused.facts["code"], refused.facts["facts"]["place"]) == (
            "wrong_place",
            "private",
        )


class TestRemoving:
    async def test_asks_once_and_ends_open_buttons_too(self, talk):
        await named(talk)
        await talk.create("loja-1", user=MANAGER)
        card = await talk.tell(MANAGER, "/subscribe loja-1")
        asked = await talk.tell(OWNER, "/team Max remove")
        assert "loja" not in str(asked.facts)
        [done, told] = await talk.press(OWNER, asked, "confirm")
        assert (done.kind, done.labels) == ("team_removed_done", ["back"])
        assert (told.chat_id, told.kind) == (MANAGER, "team_removed")
        [refused] = await talk.press(MANAGER, card, "confirm")
        assert refused.facts["code"] == "no_partner"
        assert await talk.states() == {"loja-1": "trial"}
        assert (await talk.tell(MANAGER, "/list")).facts["code"] == "no_partner"

    async def test_ends_open_questions_too(self, talk):
        await named(talk)
        await talk.say(MANAGER, "/new")
        await talk.press(OWNER, await talk.tell(OWNER, "/team Max remove"), "confirm")
        await talk.say(MANAGER, "loja-1")
        assert await talk.states() == {}

    async def test_an_owner_advises_to_rotate_the_token(self, talk):
        await named(talk)
        await talk.press(OWNER, await talk.tell(OWNER, "/team Paul owner"), "confirm")
        done, *_ = await talk.press(OWNER, await talk.tell(OWNER, "/team Paul remove"), "confirm")
        assert "rotate" in done.labels

    async def test_oneself_is_possible_while_another_owner_is_there(self, talk):
        await named(talk)
        asked = await talk.tell(OWNER, "/team Max owner")
        assert (await roles(talk))[MANAGER] == "manager"
        await talk.press(OWNER, asked, "confirm")
        done, *_ = await talk.press(OWNER, await talk.tell(OWNER, "/team Olga remove"), "confirm")
        assert (done.labels, done.facts["oneself"]) == ([], True)
        assert OWNER not in await roles(talk)

    async def test_pressed_twice_removes_once(self, talk):
        await named(talk)
        asked = await talk.tell(OWNER, "/team Max remove")
        data = asked.intent("confirm")
        await talk.press_id(OWNER, data, OWNER)
        await talk.press_id(OWNER, data, OWNER)
        [row] = await talk.sql("SELECT COUNT(*) AS n FROM audit WHERE action = 'team.remove'")
        assert row["n"] == 1


class TestALink:
    async def test_is_shown_once_and_makes_a_member(self, talk):
        choose = await talk.tell(OWNER, "/team invite")
        [shown] = await talk.press(OWNER, choose, "role_manager")
        assert "https://t.me/desk_bot?start=secret" in shown.text
        assert shown.facts["role"] == "manager"
        code = await code_of(talk, shown.facts["keys"][0])
        assert code not in str(await talk.sql("SELECT * FROM messages"))
        said = await talk.say(STRANGER, f"/start {code}")
        assert {one.kind for one in said} == {"home", "linked"}
        told = next(one for one in said if one.chat_id == OWNER)
        assert "as manager" in told.text
        assert (await roles(talk))[STRANGER] == "manager"
        # Opened once more, it shows where one stands.
        assert (await talk.tell(STRANGER, f"/start {code}")).kind == "home"

    async def test_can_be_asked_for_by_words(self, talk):
        shown = await talk.tell(OWNER, "/team invite viewer")
        assert (shown.kind, shown.facts["role"]) == ("team_code", "viewer")

    async def test_is_nothing_for_members_of_another_partner(self, talk):
        shown = await talk.tell(OWNER, "/team invite viewer")
        code = await code_of(talk, shown.facts["keys"][0])
        refused = await talk.tell(OTHER_OWNER, f"/start {code}")
        assert refused.facts["code"] == "already_partner"
        assert (await talk.tell(VIEWER, f"/start {code}")).kind == "home"
        assert {one.kind for one in await talk.say(STRANGER, f"/start {code}")} == {
            "home", "linked",
        }  # fmt: skip

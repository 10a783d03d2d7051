"""Who may say and press what, where: every cell of the table, and what a denied one does."""

import ast
import re
from pathlib import Path

import pytest

from billing.services import access
from bot.chat import commands, dispatch
from bot.chat.actions import ACTIONS
from bot.chat.commands import COMMANDS, QUESTIONS, TABLE
from tests.bot.chat.places import (
    GROUPS,
    PLACES,
    SPEAKERS,
    allowed,
    hear,
    press,
    rights,
    rows,
    there,
    with_buttons,
)
from tests.bot.chat.talk import ADMIN, STAFF_GROUP, STRANGER, forwarded, message, place

ROOT = Path(__file__).parents[3]


class TestTable:
    def test_declares_a_right_for_everything_that_has_a_handler(self):
        assert set(dispatch.SAYS) == set(COMMANDS)
        assert set(dispatch.PRESSES) == set(ACTIONS)
        assert set(dispatch.ANSWERS) == set(QUESTIONS)
        assert len(commands.BY_NAME) == sum(len(command.names) for command in TABLE)

    def test_knows_every_button_that_anything_shows(self):
        shown = set()
        for path in [*ROOT.glob("billing/**/*.py"), *ROOT.glob("bot/chat/**/*.py")]:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                    continue
                action = node.args[1] if len(node.args) > 1 else None
                if node.func.id in {"Button", "named"} and isinstance(action, ast.Constant):
                    shown.add(action.value)
        assert shown <= set(ACTIONS)
        assert len(shown) > 30

    def test_asks_for_no_less_than_the_use_cases_do(self):
        needed = {
            "new": "instances.creation.create",
            "rename": "instances.creation.rename",
            "confirm": "instances.subscriptions.carry_out",
            "subscribe": "instances.subscriptions.quote",
            "invoices": "invoices.invoicing.own_invoices",
            "preview": "invoices.invoicing.preview",
            "token_accept": "partners.integrator.issue_secret",
            "token_next": "partners.integrator.request_next",
            "saved": "partners.integrator.saved",
            "approve_as": "partners.enrolment.approve",
            "decline": "partners.enrolment.decline",
            "paid": "payments.booking.book",
            "matching_confirm": "payments.matching.enter",
            "paid_confirm": "payments.booking.book",
            "hold": "payments.booking.hold",
            "unpaid": "payments.reversals.reverse",
            "unpaid_confirm": "payments.reversals.reverse",
            "void": "invoices.corrections.void",
            "void_confirm": "invoices.corrections.void",
            "reissue": "invoices.corrections.reissue",
            "credit": "payments.giving.give",
            "refund": "payments.giving.refund",
            "approval": "payments.approvals.look",
            "approval_confirm": "payments.approvals.confirm",
            "approval_drop": "payments.approvals.drop",
            "whatif": "invoices.foreseeing.cancel",
            "freeze": "desk.office.freeze",
            "unfreeze": "desk.office.unfreeze",
            "task_done": "desk.office.deletion_done",
            "by_hand_done": "instances.answered.done_by_hand",
            "halt": "desk.office.halt",
            "resume": "desk.office.resume",
            "queue": "desk.waiting.queue",
            "claim": "desk.claiming.claim",
            "hand_over": "desk.claiming.hand_over",
            "partner": "desk.overview.partner_card",
            "report": "desk.overview.report",
            "dryrun": "invoices.invoicing.dry_run",
            "audit": "desk.overview.audit",
            "difference": "platforms.mending.look",
            "mend": "platforms.mending.ask",
            "mend_confirm": "platforms.mending.mend",
            "mend_leave": "platforms.mending.leave",
            "adopt_confirm": "platforms.adopting.take",
            "grant": "partners.integrator.grant",
        }
        for name, use_case in needed.items():
            right = access.RIGHTS[f"billing.services.{use_case}"]
            declared = {ACTIONS.get(name, right)}
            declared |= {COMMANDS[name].right} if name in COMMANDS else set()
            assert declared == {right}, name

    @pytest.mark.parametrize("command", TABLE, ids=lambda command: command.name)
    def test_names_are_such_as_telegram_takes(self, command):
        assert all(re.fullmatch(r"[a-z0-9_]{1,32}", name) for name in command.names)


class TestDenied:
    """Nothing changes but the audit, wherever and by whomever it was tried."""

    @pytest.mark.parametrize("where", PLACES)
    async def test_commands_change_nothing(self, talk, where):
        await talk.bind_groups()
        cells = [
            (user, f"/{command.name} 1 2 3", there(user, where), {})
            for user in SPEAKERS
            for command in TABLE
            if not allowed(command, user, there(user, where))
        ]
        await self._nothing_happens(talk, cells)

    @pytest.mark.parametrize(
        ("user", "more"),
        [
            (1087968824, {"sender_chat": place(STAFF_GROUP)}),  # an anonymous admin
            (136817688, {"sender_chat": {"id": -1009, "type": "channel", "title": "c"}}),
            (777000, {"sender_chat": {"id": -1009, "type": "channel", "title": "c"}}),
            (ADMIN, {"sender_chat": place(STAFF_GROUP)}),
            (ADMIN, forwarded()),
            (ADMIN, {"via_bot": {"id": 9, "is_bot": True, "first_name": "b"}}),
        ],
    )
    async def test_words_that_nobody_surely_says_change_nothing(self, talk, user, more):
        cells = [(user, f"/{command.name} 1 2 3", STAFF_GROUP, more) for command in TABLE]
        await self._nothing_happens(talk, cells)

    async def _nothing_happens(self, talk, cells):
        before = await rows(talk)
        for count, (user, text, chat, more) in enumerate(cells, start=1):
            await hear(talk, {"message": message(user, text, chat, **more)})
            assert await talk.denied() == count, (user, text, chat)
        assert await rows(talk) == before

    async def test_edited_commands_change_nothing(self, talk):
        before = await rows(talk)
        for command in TABLE:
            await talk.receive(
                {"edited_message": message(ADMIN, f"/{command.name} 1", STAFF_GROUP)}
            )
        assert await rows(talk) == before
        assert await talk.denied() == len(TABLE)

    async def test_channel_posts_change_nothing(self, talk):
        before = await rows(talk)
        for command in TABLE:
            post = message(ADMIN, f"/{command.name} 1", -100)
            post["chat"] = {"id": -100, "type": "channel", "title": "c"}
            assert await talk.receive({"channel_post": post}) == []
            assert await talk.receive({"message": post}) == []
        assert await rows(talk) == before

    @pytest.mark.parametrize("where", PLACES)
    async def test_buttons_change_nothing(self, talk, where):
        await talk.bind_groups()
        before, tried = await rows(talk), 0
        for user in SPEAKERS:
            chat = there(user, where)
            denied = [it for it, right in ACTIONS.items() if right not in rights(user, chat)]
            shown = await with_buttons(talk, chat, denied)
            for action in denied:
                tried += 1
                await hear(talk, press(user, shown[action], chat))
                assert await talk.denied() == tried, (user, action)
        assert tried > 30
        assert await rows(talk) == before
        assert await talk.sql("SELECT id FROM intents WHERE used_at IS NOT NULL") == []

    async def test_answers_to_questions_change_nothing_once_the_right_is_gone(self, talk):
        await talk.say(STRANGER, "/apply Padaria Sol")
        [its] = await talk.sql("SELECT id FROM applications")
        args = {"application": its["id"]}
        await talk.store.write(
            lambda work: work.conversations.ask(STRANGER, STRANGER, "decline", args)
        )
        said = await talk.tell(STRANGER, "because")
        assert said.facts["code"] == "no_right"
        assert await talk.denied() == 1
        [row] = await talk.sql("SELECT state FROM applications")
        assert row["state"] == "open"


class TestAllowed:
    @pytest.mark.parametrize("user", SPEAKERS)
    async def test_commands_are_not_denied(self, talk, user):
        await talk.bind_groups()
        for command in TABLE:
            for chat in (user, *GROUPS):
                # Who binds a group is told by the code alone whether he may.
                if not allowed(command, user, chat) or command.name in {"timezone", "bind"}:
                    continue
                await talk.say(user, f"/{command.name} zzz", chat)
                await talk.say(user, f"/{command.name}", chat)
        assert await talk.denied() == 0

"""The bot as a whole: when it is idle, how it begins and ends, whatever Telegram does meanwhile."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet

from billing.partners import StaffRole
from billing.services.ports import Due, Work
from bot import reception
from bot.app import App, Place
from bot.clock import SystemClock
from bot.delivery.watchdog import PartEnded
from bot.sandbox.clock import MovableClock
from bot.settings import Settings
from bot.starting import StartRefused
from bot.web.server import listen
from storage.delivery.outbox import Outbox
from tests.bot.delivery.desk import until
from tests.bot.delivery.telegram import SERVER_ERROR, SILENCE, TOKEN, FakeTelegram, refusal
from tests.storage.stocked import partner

START = datetime(2026, 1, 30, 18, tzinfo=UTC)
GROUP, ADMIN, SUPPORT = -100, 11, 12
UNKNOWN_TOKEN = (401, {"description": "Unauthorized"})


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    fake = FakeTelegram()
    await fake.start()
    yield fake
    await fake.stop()


class Running:
    """An app at work, and the task that it is."""

    def __init__(self, app: App, clock: Any) -> None:
        self.app, self.clock = app, clock
        self.told = asyncio.Event()
        self.task = asyncio.create_task(app.run(self.told))

    async def ended(self) -> float:
        """Tell it to end, and return how long that took."""
        began = time.monotonic()
        self.told.set()
        await self.task
        return time.monotonic() - began

    async def say(self, key: str, chat_id: int = 7, *, at: datetime | None = None) -> None:
        """Have something said."""
        facts = {"update_id": 1, "why": key}
        said = {"chat_id": chat_id, "kind": "staff_unreadable", "facts": facts, "not_before": at}
        now = self.clock.now()
        await self.app._database.write(lambda tx: Outbox(tx).say(key, at=now, **said))
        self.app.nudge()

    async def settled(self) -> None:
        await until(self.app.boxed.idle)


async def opened(telegram: FakeTelegram, clock: Any, **settings: Any) -> App:
    chosen = Settings(database_url="sqlite://", _env_file=None, **settings)
    url = telegram.address.removesuffix("/bot")
    return await App.open(chosen, Place(TOKEN, url, clock, Fernet.generate_key().decode()))


@asynccontextmanager
async def running(telegram: FakeTelegram, clock: Any = None, **settings: Any) -> Any:
    clock = clock or MovableClock(START)
    found = Running(await opened(telegram, clock, **settings), clock)
    try:
        yield found
    finally:
        if not found.task.done():
            await found.ended()


async def without_rounds(desk: Any) -> None:
    """Drop what comes every night: it would be next before anything that a test plans."""
    await desk.settled()
    for kind in ("housekeeping", "audit", "summary", "compare"):
        await desk.app.store.write(lambda work, key=f"{kind}:2026-01-31": work.due.drop(key))


async def asked(telegram: FakeTelegram, method: str, times: int) -> None:
    """Wait until Telegram was called so often."""

    async def reached() -> bool:
        return len(telegram.called(method)) >= times

    await until(reached)


async def plan(work: Work, key: str, at: datetime) -> None:
    """Plan something of which nothing will come: there is no such instance."""
    if await work.partners.find("P1") == []:
        await work.partners.add(partner())
    await work.due.plan(Due(key, "trial_over", "nobody", "P1", at))


class TestRest:
    async def test_comes_when_all_that_is_due_was_done_and_said(self, telegram):
        async with running(telegram) as desk:
            await desk.say("one")
            assert not await desk.app.boxed.idle()
            await desk.settled()
            assert len(telegram.texts(7)) == 1
            assert await desk.app.boxed.said()

    async def test_knows_the_earliest_instant_at_which_something_is_next(self, telegram):
        async with running(telegram) as desk:
            await without_rounds(desk)
            await desk.settled()
            assert await desk.app.boxed.next_due() is None
            tomorrow, later = START + timedelta(days=1), START + timedelta(hours=20)
            await desk.say("one", at=tomorrow)
            await desk.settled()
            assert await desk.app.boxed.next_due() == tomorrow
            await desk.app.store.write(lambda work: plan(work, "due", later))
            await desk.settled()
            assert await desk.app.boxed.next_due() == later

    async def test_does_not_wait_for_stops_that_are_halted(self, telegram):
        async with running(telegram) as desk:
            await without_rounds(desk)
            await desk.app.store.write(lambda work: work.state.set("halted", "an audit"))
            at = START + timedelta(minutes=1)
            await desk.app.store.write(lambda work: plan(work, "due", at))
            await desk.settled()
            assert await desk.app.boxed.next_due() is None
            desk.clock.move_to(at + timedelta(minutes=1))
            await desk.settled()

    async def test_is_found_although_an_instant_came_with_nobody_looking(self, telegram):
        async with running(telegram) as desk:
            await without_rounds(desk)
            await desk.settled()
            at = desk.clock.now() + timedelta(milliseconds=150)
            await desk.app.store.write(lambda work: plan(work, "due", at))
            await desk.settled()
            # By real time, as when the sandbox is left alone: no nudge comes with it.
            await asyncio.sleep(0.2)
            await desk.settled()
            assert await desk.app.boxed.next_due() is None


class TestSettingIn:
    async def test_binds_the_group_and_gives_roles_only_the_first_time(self, telegram):
        app = await opened(telegram, MovableClock(START))
        await app.boxed.settle_in(GROUP, ADMIN, SUPPORT)
        await app.boxed.settle_in(GROUP - 1, ADMIN + 5, SUPPORT + 5)

        async def look(work: Work) -> Any:
            people = work.people
            return await people.groups(), [await people.staff_role(it) for it in (11, 12, 16)]

        assert await app.store.read(look) == (
            [GROUP],
            [StaffRole.ADMIN, StaffRole.SUPPORT, None],
        )
        await app._database.close()

    async def test_prints_a_code_only_while_no_group_is_bound(self, telegram):
        app = await opened(telegram, MovableClock(START))
        first, second = await app.bind_code(), await app.bind_code()
        assert first
        assert second
        assert first != second
        await app.boxed.settle_in(GROUP, ADMIN, SUPPORT)
        assert await app.bind_code() is None
        await app._database.close()

    async def test_refuses_faults_that_there_are_not(self, telegram):
        app = await opened(telegram, MovableClock(START))
        with pytest.raises(ValueError, match="no such fault"):
            await app.boxed.platform_fault("teleport", "500", 1)
        assert await app.boxed.platform_instances() == []
        await app._database.close()


class TestAStart:
    async def test_waits_for_a_telegram_that_is_down(self, telegram):
        telegram.fail("getMe", SERVER_ERROR, SERVER_ERROR)
        clock = MovableClock(START)
        async with running(telegram, clock) as desk:
            await desk.say("one")
            async with asyncio.timeout(5):
                while not telegram.texts(7):
                    await asyncio.sleep(0.01)
                    clock.move_to(clock.now() + timedelta(seconds=5))

    @pytest.mark.parametrize("fault", [SERVER_ERROR, SILENCE])
    async def test_is_given_up_at_once_when_it_is_told_to_end(self, telegram, fault):
        telegram.fail("getMe", fault)
        async with running(telegram) as desk:
            await asked(telegram, "getMe", 1)
            assert await desk.ended() < 1
        assert telegram.called("getUpdates") == []

    async def test_is_refused_with_a_token_that_telegram_does_not_accept(self, telegram):
        telegram.fail("getMe", UNKNOWN_TOKEN)
        async with running(telegram) as desk:
            with pytest.raises(StartRefused, match="TELEGRAM_BOT_TOKEN") as refused:
                await desk.task
        assert TOKEN not in str(refused.value)


class TestAWebhook:
    async def test_is_set_again_and_again_until_telegram_takes_it(self, telegram):
        telegram.fail("setWebhook", SERVER_ERROR, SERVER_ERROR)
        clock = MovableClock(START)
        with listen(0) as free:
            port = free.getsockname()[1]
        url = f"http://127.0.0.1:{port}/telegram"
        settings = {"webhook_url": url, "webhook_secret": "s" * 20, "web_port": port}
        async with running(telegram, clock, **settings):
            async with asyncio.timeout(5):
                while len(telegram.called("setWebhook")) < 3:
                    await asyncio.sleep(0.01)
                    clock.move_to(clock.now() + timedelta(seconds=5))
        given = telegram.called("setWebhook")[-1]
        assert (given["url"], given["secret_token"]) == (url, "s" * 20)
        assert telegram.called("getUpdates") == []

    async def test_that_telegram_refuses_ends_the_start_with_its_name(self, telegram):
        telegram.fail("setWebhook", refusal("bad webhook: an HTTPS URL must be provided"))
        settings = {"webhook_url": "http://127.0.0.1:1/t", "webhook_secret": "s", "web_port": 0}
        async with running(telegram, **settings) as desk:
            with pytest.raises(StartRefused, match="WEBHOOK_URL is refused by Telegram"):
                await desk.task

    async def test_on_a_port_that_is_taken_ends_the_start_with_its_name(self, telegram):
        with listen(0) as taken:
            taken.listen()
            port = taken.getsockname()[1]
            settings = {"webhook_url": "http://127.0.0.1:1/t", "webhook_secret": "s"}
            async with running(telegram, **settings, web_port=port) as desk:
                with pytest.raises(StartRefused, match=f"WEB_PORT {port} .*in use"):
                    await desk.task


class TestAnEnd:
    async def test_comes_within_ten_seconds_although_telegram_hangs(self, telegram):
        async with running(telegram, SystemClock()) as desk:
            await desk.settled()
            telegram.fail("sendMessage", *[SILENCE] * 5)
            for chat in range(1, 4):
                await desk.say(f"to {chat}", chat)
            await asked(telegram, "sendMessage", 3)
            assert await desk.ended() < 9

    async def test_that_a_part_comes_to_by_itself_ends_the_process(self, telegram, monkeypatch):
        async def broken(self: Any) -> None:
            raise LookupError("a fault in the code")

        monkeypatch.setattr(reception.Polling, "run", broken)
        async with running(telegram) as desk:
            with pytest.raises(PartEnded, match="a fault in the code"):
                await desk.task

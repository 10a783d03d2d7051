"""A second bot with the same database is refused, and the first one goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.process import free_port
from tests.scenarios.program import UP, started, telegram
from tests.scenarios.test_process import ask, refusal

pytestmark = pytest.mark.timeout(90)


async def test_a_second_live_bot_with_the_same_database_does_not_start(tmp_path: Path):
    async with telegram(tmp_path) as outside:
        settings = outside.settings(tmp_path)
        person = await outside.world.person("Ana")
        async with started(tmp_path / "first", "run", **settings) as first:
            await first.says("/bind ")
            async with started(tmp_path / "second", "run", **settings) as second:
                assert await second.ended() == 2
                sentence = refusal(second)
                assert sentence.startswith("DATABASE_URL: another partnerdesk runs")
                assert settings["TELEGRAM_BOT_TOKEN"] not in second.out
            assert (await ask(person, "/help")).text
            assert (await first.terminate())[0] == 0
        # Whoever comes after it finds the database free, also after a power cut.
        async with started(tmp_path / "third", "run", **settings) as third:
            await third.says("/bind ")
            await third.kill()
        async with started(tmp_path / "fourth", "run", **settings) as fourth:
            await fourth.says("/bind ")
            assert (await fourth.terminate())[0] == 0


async def test_a_sandbox_does_not_begin_anew_in_a_database_that_another_runs_with(tmp_path: Path):
    async with telegram(tmp_path) as outside:
        settings = outside.settings(tmp_path)
        async with started(tmp_path / "first", "run", **settings) as first:
            await first.says("/bind ")
            boxed = {"DATABASE_URL": settings["DATABASE_URL"], "SANDBOX_PORT": str(free_port())}
            async with started(tmp_path / "second", "run", "--fresh", **boxed) as second:
                assert await second.ended() == 2
                assert "DATABASE_URL" in refusal(second)
                assert not UP.search(second.out)
            assert (await first.terminate())[0] == 0

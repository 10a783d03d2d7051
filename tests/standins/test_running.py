"""`python -m tests.standins NAME -- COMMAND…`: a command finds a stand-in beside it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from tests.scenarios.process import free_port
from tests.scenarios.world import living_in
from tests.source import ROOT
from tests.standins.__main__ import MODULES, SandboxTime, read

TELL = """
import json, os, sys, urllib.request
told = {name: one for name, one in os.environ.items() if name.startswith(
    ("PLATFORM", "ZAPI", "WHAPI", "EVOLUTION", "STRIPE", "TELEGRAM"))}
url = next(one for name, one in told.items() if name.endswith("_URL") and "STRIPE" not in name)
told["state"] = json.load(urllib.request.urlopen(url + "/state"))
print(json.dumps(told))
sys.exit(3)
"""


async def ran(folder: Path, name: str, *command: str) -> tuple[int, str]:
    """Return the exit code and what was printed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.standins", name, "--", *command),
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": f"sqlite:///{folder}/desk.db",
            "SANDBOX_PORT": str(free_port()),
            "TELEGRAM_BOT_TOKEN": "123456:a-real-one",
            "PLATFORM": "zapi",
            "PLATFORMS": "days=whapi",
        },
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode()


@pytest.mark.parametrize("name", ["zapi", "whapi", "evolution", "whapi+stripe"])
async def test_a_command_is_told_where_it_is_and_its_exit_code_comes_back(name, tmp_path):
    code, out = await ran(tmp_path, name, sys.executable, "-c", TELL)
    assert code == 3, out
    told = json.loads(out.splitlines()[-1])
    assert told["PLATFORM"] == name.partition("+")[0]
    assert told["PLATFORMS"] == told["TELEGRAM_BOT_TOKEN"] == ""
    assert set(told["state"]) == {"rows", "calls"}
    assert ("STRIPE_SECRET_KEY" in told) is ("stripe" in name)
    assert f"Stand-in {told['PLATFORM']}: http://127.0.0.1:" in out


async def test_it_is_at_the_same_address_the_next_time(tmp_path):
    first = await ran(tmp_path, "whapi", "true")
    assert await ran(tmp_path, "whapi", "true") == first


async def test_it_ends_in_order_when_it_is_told_to(tmp_path):
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.standins", "zapi", "--", "sleep", "60"),
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/desk.db"},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    await process.stdout.readline()
    await asyncio.sleep(0.3)
    process.terminate()
    async with asyncio.timeout(10):
        assert await process.wait() == -signal.SIGTERM % 256


async def test_its_time_is_the_sandboxs_and_the_machines_where_there_is_none():
    async with living_in(at="2031-05-06T07:08:09+00:00") as world, aiohttp.ClientSession() as http:
        port = int(world._url.rpartition(":")[2])
        assert (await SandboxTime(port, http).now()).isoformat().startswith("2031-05-06T07:08:")
        alone = await SandboxTime(free_port(), http).now()
        assert abs(alone - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("said", "begins"),
    [
        (["PLATFORM=whapi"], ".venv/bin/python -m tests.standins whapi -- .venv/bin/partnerdesk"),
        (["PLATFORM=zapi+stripe"], ".venv/bin/python -m tests.standins zapi+stripe -- "),
        (["PLATFORM=embedded"], ".venv/bin/partnerdesk run"),
        ([], ".venv/bin/partnerdesk run"),
    ],
)
def test_make_runs_it_where_it_is_said_to_make(said, begins):
    """In the environment PLATFORM is the setting of a real one."""
    shown = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", "run", *said],
        cwd=ROOT,
        env={**os.environ, "PLATFORM": "whapi", "MAKEFLAGS": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.splitlines()[-1].removeprefix("exec").strip().startswith(begins)


@pytest.mark.parametrize(
    "words", [[], ["zapi"], ["zapi", "--"], ["--", "true"], ["nobody", "--", "true"]]
)
def test_what_it_does_not_understand_is_answered_by_how_it_is_used(words):
    with pytest.raises(SystemExit) as said:
        read(words)
    assert all(name in str(said.value) for name in MODULES)

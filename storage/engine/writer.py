"""The one writer of a process: a thread that commits whole units in batches."""

import asyncio
import logging
import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from storage.engine.driving import Driven, drive
from storage.engine.transaction import TransactionLost, Unit

logger = logging.getLogger(__name__)
T = TypeVar("T")

UNITS_PER_COMMIT = 64
UNITS_WAITING = 1024


class WriterStopped(Exception):
    """The writer takes no units (any more): it was closed, or it died."""


class Session(Protocol):
    """
    A connection that writes, used in the writer's thread alone.

    While a batch is open nobody else writes, in this process or in another.
    """

    @property
    def errors(self) -> type[Exception]:
        """What its statements raise."""
        ...

    @property
    def open(self) -> bool:
        """Whether a batch is open: the database may have ended it by itself."""
        ...

    @property
    def lost(self) -> bool:
        """Whether the connection is gone: nothing of the batch is kept, and begin opens another."""
        ...

    def begin(self) -> None:
        """Wait until nobody else writes, and open a batch."""

    def commit(self) -> None: ...
    def rollback(self) -> None: ...
    def mark(self) -> None:
        """Set a savepoint for one unit."""

    def back(self) -> None:
        """Take back what was done since the mark."""

    def keep(self) -> None:
        """Let the mark go."""

    def transaction(self) -> Driven: ...
    def close(self) -> None: ...


@dataclass(slots=True, eq=False)
class _Job:
    """A unit and who waits for it; the outcome counts only after the commit."""

    unit: Unit[Any]
    waiter: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = field(default=None)


class Writer:
    """
    Runs units of work one after another in its own thread.

    Units that arrive while the thread works gather in the queue and share the
    next commit, a savepoint each; a caller hears of its unit only after the
    commit. A cancelled caller stops waiting: its unit is then kept whole or
    not at all.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._loop = asyncio.get_running_loop()
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._room = asyncio.Semaphore(UNITS_WAITING)
        self._stopping = False
        self._stopped: asyncio.Future[None] = self._loop.create_future()
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    async def run(self, unit: Unit[T]) -> T:
        """
        Return what the unit returned, once it is committed.

        :raises WriterStopped: if the writer was closed or died.
        """
        async with self._room:
            if self._stopping or self._stopped.done():
                raise WriterStopped("the database's writer has stopped")
            waiter: asyncio.Future[T] = self._loop.create_future()
            self._queue.put(_Job(unit, waiter))
            return await waiter

    async def watch(self) -> None:
        """Return when the writer was closed; raise what it died of."""
        await asyncio.shield(self._stopped)

    async def close(self) -> None:
        """Finish every unit that was handed in, then close the connection."""
        if not self._stopping:
            self._stopping = True
            self._queue.put(None)
        await asyncio.wait([self._stopped])
        self._thread.join()

    def _work(self) -> None:
        failure: BaseException | None = None
        jobs: list[_Job] = []
        try:
            while True:
                jobs, last = self._gather()
                self._commit(jobs)
                if last:
                    break
        except BaseException as error:
            logger.critical("the database's writer died", exc_info=True)
            failure = error
            self._tell(self._abandoned(jobs))
        finally:
            self._session.close()
            self._in_loop(self._report_end, failure)

    def _gather(self) -> tuple[list[_Job], bool]:
        job = self._queue.get()
        jobs: list[_Job] = []
        while job is not None:
            # Whoever was cancelled before the unit began needs it no more.
            if not job.waiter.cancelled():
                jobs.append(job)
            if len(jobs) == UNITS_PER_COMMIT:
                return jobs, False
            try:
                job = self._queue.get_nowait()
            except queue.Empty:
                return jobs, False
        return jobs, True

    def _commit(self, jobs: Sequence[_Job], *, again: bool = False) -> None:
        if not jobs:
            return
        try:
            self._attempt(jobs)
        except (self._session.errors, TransactionLost) as error:
            if len(jobs) > 1 or (self._session.lost and not again):
                # One unit's error threw the others' work away with its own:
                # each alone, only the one at fault fails.
                self._undo()
                for job in jobs:
                    self._commit([job], again=True)
                return
            self._undo()
            jobs[0].error = jobs[0].error or error
        self._tell(jobs)

    def _attempt(self, jobs: Sequence[_Job]) -> None:
        try:
            self._session.begin()
        except self._session.errors as error:
            # Locked or unwritable for everybody: trying each alone would only
            # wait for the same lock as many times.
            for job in jobs:
                job.error = error
            return
        # Of one alone the transaction is the savepoint: two statements less.
        alone = len(jobs) == 1
        for job in jobs:
            self._attempt_one(job, alone=alone)
        if alone and jobs[0].error is not None:
            self._session.rollback()
        else:
            self._session.commit()

    def _attempt_one(self, job: _Job, *, alone: bool) -> None:
        job.result, job.error = None, None
        if not alone:
            self._session.mark()
        try:
            job.result = drive(job.unit, self._session.transaction())
        except BaseException as error:
            job.error = error
            if not self._session.open:
                raise TransactionLost("the database rolled the transaction back") from error
            if not alone:
                self._session.back()
        if not self._session.open:
            raise TransactionLost("the database rolled the transaction back")
        if not alone:
            self._session.keep()

    def _undo(self) -> None:
        if self._session.open:
            self._session.rollback()

    def _abandoned(self, jobs: Sequence[_Job]) -> list[_Job]:
        abandoned = list(jobs)
        while True:
            try:
                job = self._queue.get_nowait()
            except queue.Empty:
                break
            if job is not None:
                abandoned.append(job)
        for job in abandoned:
            job.error = WriterStopped("the database's writer died")
        return abandoned

    def _tell(self, jobs: Sequence[_Job]) -> None:
        self._in_loop(_settle, jobs)

    def _report_end(self, failure: BaseException | None) -> None:
        # What was put in between the thread's last look and now has nobody left to run it.
        _settle(self._abandoned([]))
        if failure is None:
            self._stopped.set_result(None)
        else:
            self._stopped.set_exception(WriterStopped(f"the database's writer died: {failure!r}"))
            # Nobody need be watching for the death to be told to the waiting units.
            self._stopped.exception()

    def _in_loop(self, call: Any, *arguments: Any) -> None:
        try:
            self._loop.call_soon_threadsafe(call, *arguments)
        except RuntimeError:
            # The loop is closed: nobody waits in it any more.
            logger.debug("the event loop ended before the writer")


def _settle(jobs: Sequence[_Job]) -> None:
    for job in jobs:
        if job.waiter.done():
            continue
        if job.error is not None:
            job.waiter.set_exception(job.error)
        else:
            job.waiter.set_result(job.result)

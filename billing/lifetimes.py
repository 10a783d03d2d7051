"""
When what no longer runs is deleted by itself.

Rules: "Life of an instance".
"""

from __future__ import annotations

from datetime import datetime, timedelta

from billing.instances import Instance
from billing.programmes import AfterTrial, Programme, Trial


def trial_deletion(instance: Instance, trial: Trial) -> datetime | None:
    """
    When a stopped trial is deleted by itself; None where staff delete it by hand.

    Its hours count from the stop that was carried out: they are there to subscribe in.
    """
    over_at = instance.stopped_at or instance.trial_ends_at
    if trial.afterwards is AfterTrial.STAFF_TASK or over_at is None:
        return None
    return over_at + timedelta(hours=trial.delete_after_hours)


def ended_deletion(instance: Instance, programme: Programme) -> datetime | None:
    """When an ended instance is deleted by itself."""
    if instance.ended_at is None:
        return None
    return instance.ended_at + timedelta(days=programme.delete_ended_after_days)


def ran_out_deletion(instance: Instance, programme: Programme) -> datetime | None:
    """
    When an instance whose days ran out is deleted by itself.

    Its days count from the stop that was carried out: they are there to extend it in.
    """
    if instance.active_until is None or instance.stopped_at is None:
        return None
    return instance.stopped_at + timedelta(days=programme.delete_ended_after_days)

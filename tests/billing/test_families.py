"""Which notices can be done without, and which never."""

from billing.families import FAMILIES, ROLES, Family
from billing.notices import NoticeKind


def test_every_notice_is_in_a_family():
    assert {f"notice_{kind}" for kind in NoticeKind} <= set(FAMILIES)


def test_what_stops_deletes_or_ends_something_cannot_be_done_without():
    never_off = {kind for kind, family in FAMILIES.items() if family is Family.IMPORTANT}
    assert never_off == {
        *("notice_trial_ended", "notice_service_ended", "notice_days_out"),
        "notice_card_ended",
        *("notice_stop_soon", "notice_last_day", "notice_stopped"),
        *("notice_deletion_tomorrow", "notice_deleted"),
        *("notice_days_deletion_7d", "notice_days_deletion_1d", "notice_days_deleted"),
        *("notice_trial_deleted", "notice_service_deleted"),
    }


def test_every_other_family_has_somebody_who_gets_it_unasked():
    assert set(ROLES) == set(Family) - {Family.IMPORTANT}
    assert all(ROLES.values())

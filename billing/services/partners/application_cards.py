"""
The cards of an application: the staff's, and the applicant's own, which follows it.

Kinds: `application` {id, company, person, user_id, migrate, state, programme, reason, decided_by,
decided_at, created_at, choosing, offered, claimed_by, claimed_at} and `applied` {company, migrate,
edited, state, reason, claimed_by}. Rules: "Enrolment and tokens".
"""

from __future__ import annotations

from billing.programmes import Programme, Settlement
from billing.refusals import NotFound
from billing.services import claimed, telling
from billing.services.desk import settings
from billing.services.facts import Facts
from billing.services.messages import Button, Message
from billing.services.people import Application, ApplicationState
from billing.services.ports import Work

KIND = "application"


async def the_application(work: Work, application_id: str) -> Application:
    """
    Return an application.

    :raises NotFound:
    """
    application = await work.people.application(application_id)
    if application is None:
        raise NotFound(what="application", wanted=application_id)
    return application


def offered(work: Work) -> list[Programme]:
    """Return the programmes that one can enrol in: those by the monthly invoice or by days."""
    return [
        programme
        for programme in work.programmes.latest()
        if programme.postpaid or Settlement.DAYS in programme.settlements
    ]


async def show(work: Work, application: Application, *, choosing: bool = False) -> None:
    """Show an application's card to the staff as it stands, or with the choice of a programme."""
    facts = await told(work, application, choosing=choosing)
    buttons = buttons_of(work, application, facts)
    await telling.tell_staff(
        work, "application", facts, key=f"application:{application.id}", buttons=buttons
    )


async def told(work: Work, application: Application, *, choosing: bool = False) -> Facts:
    """Return what the staff's card says of it."""
    person = await work.people.person(application.user_id)
    return {
        "id": application.id,
        "company": application.company,
        "person": person.name if person else "",
        "user_id": application.user_id,
        "migrate": application.migrate,
        "state": application.state,
        "programme": application.programme,
        "reason": application.reason,
        "decided_by": await claimed.name_of(work, application.decided_by),
        "decided_at": application.decided_at,
        "created_at": application.created_at,
        "choosing": choosing,
        "offered": [settings.told(choice) for choice in offered(work)] if choosing else [],
        **await claimed.told(work, KIND, application.id),
    }


def buttons_of(work: Work, application: Application, facts: Facts) -> list[list[Button]]:
    """Return what staff can do with it now."""
    if application.state is not ApplicationState.OPEN:
        return []
    args = {"application": application.id}
    if facts["choosing"]:
        choices = [
            [Button("programme", "approve_as", {**args, "programme": choice.id})]
            for choice in offered(work)
        ]
        return [*choices, [Button("back", "application", args)]]
    decide = [Button("approve", "approve", args), Button("decline", "decline", args)]
    return [decide, [claimed.button(KIND, application.id, facts)]]


async def show_applicant(work: Work, application: Application) -> None:
    """Say the applicant's card anew, as the application stands."""
    shown = await work.messages.get(application.card) if application.card else None
    if shown is None or shown.kind != "applied":
        return
    claim = await claimed.told(work, KIND, application.id)
    message = Message(
        key=shown.key,
        chat_id=application.user_id,
        kind="applied",
        facts={
            **shown.facts,
            "state": application.state,
            "reason": application.reason,
            "claimed_by": claim["claimed_by"],
        },
        buttons=applicants_buttons(application),
        reader=application.user_id,
    )
    await work.messages.say(message, at=work.now)


def applicants_buttons(application: Application) -> list[list[Button]]:
    """Return what the applicant can do with it: nothing any more once it is decided."""
    if application.state is not ApplicationState.OPEN:
        return []
    migrate = application.migrate
    toggle = Button("migrate_no" if migrate else "migrate_yes", "migrate", {"migrate": not migrate})
    return [[toggle], [Button("apply_edit", "apply_edit")]]

"""Messages and intents as rows, and back."""

from billing.services.facts import load
from billing.services.messages import Intent, Message, Urgency
from storage.engine.instants import from_micros, maybe_from_micros
from storage.engine.transaction import Row


def read_message(row: Row) -> Message:
    return Message(
        key=row["key"],
        chat_id=row["chat_id"],
        kind=row["kind"],
        facts=load(row["facts"]),
        urgency=Urgency(row["class"]),
        reader=row["reader"],
        reply_to=row["reply_to"],
        thread_id=row["thread_id"],
        topic=row["topic"],
        not_before=from_micros(row["not_before"]),
        quiet_zone=row["quiet_zone"],
        useful_until=maybe_from_micros(row["useful_until"]),
    )


def read_intent(row: Row) -> Intent:
    return Intent(
        id=row["id"],
        message_key=row["message_key"],
        chat_id=row["chat_id"],
        reader=row["reader"],
        action=row["action"],
        args=load(row["args"]),
        once=bool(row["once"]),
        current=row["version"] == row["shown_version"],
        expires_at=from_micros(row["expires_at"]),
        used_at=maybe_from_micros(row["used_at"]),
    )

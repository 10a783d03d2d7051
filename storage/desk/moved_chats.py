"""A group that became a supergroup has another id: all that names the old one follows."""

from storage.delivery.sending import Sending
from storage.engine.transaction import Transaction


async def follow(transaction: Transaction, old: int, new: int) -> None:
    """Let everything that belongs to a chat belong to its new id; twice is once."""
    transaction.known.clear()
    await Sending(transaction).migrate(old, new)
    for statement in _FOLLOW:
        await transaction.run(statement, old=old, new=new)
    for statement in _KEYS:
        await transaction.run(statement, chat_id=new, old=f":{old}", new=f":{new}")
    for statement in _STATE:
        await transaction.run(statement, old=f":{old}:", new=f":{new}:", group=f"group:{old}")


# Where the new chat has a row of its own already, that one stays and the old one goes.
_FOLLOW = (
    """
    UPDATE staff_groups SET chat_id = :new
     WHERE chat_id = :old AND NOT EXISTS (SELECT 1 FROM staff_groups WHERE chat_id = :new)
    """,
    "DELETE FROM staff_groups WHERE chat_id = :old",
    """
    UPDATE partner_groups SET chat_id = :new
     WHERE chat_id = :old AND NOT EXISTS (SELECT 1 FROM partner_groups WHERE chat_id = :new)
    """,
    "DELETE FROM partner_groups WHERE chat_id = :old",
    "UPDATE intents SET chat_id = :new WHERE chat_id = :old",
    """
    UPDATE questions SET chat_id = :new
     WHERE chat_id = :old
       AND user_id NOT IN (SELECT user_id FROM questions WHERE chat_id = :new)
    """,
    "DELETE FROM questions WHERE chat_id = :old",
    """
    UPDATE shown_lists SET chat_id = :new
     WHERE chat_id = :old
       AND user_id NOT IN (SELECT user_id FROM shown_lists WHERE chat_id = :new)
    """,
    "DELETE FROM shown_lists WHERE chat_id = :old",
    # What was said in the old group cannot be replied to, nor copied, from the new one.
    "UPDATE support_messages SET chat_id = :new, message_id = NULL WHERE chat_id = :old",
    "UPDATE broadcasts SET chat_id = :new WHERE chat_id = :old",
)

# A card's key ends with its chat: under the new one it is found again, and said anew there.
_KEYS = (
    """
    UPDATE intents
       SET message_key = substr(message_key, 1, length(message_key) - length(:old)) || :new
     WHERE chat_id = :chat_id AND message_key LIKE '%' || :old
    """,
    """
    UPDATE messages SET key = substr(key, 1, length(key) - length(:old)) || :new
     WHERE chat_id = :chat_id AND key LIKE '%' || :old
       AND NOT EXISTS (
           SELECT 1 FROM messages AS other
            WHERE other.key = substr(messages.key, 1, length(messages.key) - length(:old)) || :new)
    """,
)

# What somebody began there (an import, say), and where the bot stood, which is asked anew.
_STATE = (
    """
    UPDATE desk_state SET key = replace(key, :old, :new) WHERE key LIKE '%' || :old || '%'
    """,
    "DELETE FROM desk_state WHERE key = :group",
)

-- Updates as they were received; kept before they are acknowledged.
CREATE TABLE inbox (
    update_id   BIGINT  PRIMARY KEY,
    lane        TEXT    NOT NULL,           -- who has to be served in order: the chat
    body        TEXT    NOT NULL,           -- the raw update as received
    received_at BIGINT  NOT NULL,
    state       TEXT    NOT NULL CHECK (state IN ('new', 'done', 'quarantined')),
    attempts    INTEGER NOT NULL DEFAULT 0,
    error       TEXT,
    done_at     BIGINT
);

CREATE INDEX inbox_new ON inbox (lane, update_id) WHERE state = 'new';
CREATE INDEX inbox_done ON inbox (done_at) WHERE state = 'done';

-- Messages as they should look; the sender makes Telegram agree.
CREATE TABLE messages (
    key          TEXT    PRIMARY KEY,       -- what is said, once: 'answer:<update_id>', 'notice:…'
    chat_id      BIGINT  NOT NULL,
    kind         TEXT    NOT NULL,          -- which template
    facts        TEXT    NOT NULL,          -- JSON; the words are chosen when it is sent
    buttons      TEXT    NOT NULL,          -- JSON, rows of buttons
    reader       BIGINT,                    -- whose language; NULL = the chat's
    class        TEXT    NOT NULL CHECK (
        class IN ('place', 'money', 'reply', 'reminder', 'broadcast')
    ),
    reply_to     BIGINT,
    thread_id    BIGINT,                    -- the topic in which it is said; NULL = none
    topic        TEXT,                      -- or the key of the row that opens that topic
    version      INTEGER NOT NULL,
    sent_version INTEGER NOT NULL DEFAULT 0,
    state        TEXT    NOT NULL CHECK (
        state IN ('queued', 'sending', 'sent', 'ambiguous', 'failed', 'superseded')
    ),
    attempts     INTEGER NOT NULL DEFAULT 0,
    doubts       INTEGER NOT NULL DEFAULT 0, -- sends of which nobody knows whether they arrived
    message_id   BIGINT,
    not_before   BIGINT  NOT NULL,
    quiet_zone   TEXT,                      -- not sent in this zone's night; NULL = at any hour
    useful_until BIGINT,                    -- after that a queued row is superseded, not sent
    error        TEXT,
    created_at   BIGINT  NOT NULL,
    sent_at      BIGINT
);

CREATE INDEX messages_queued ON messages (not_before) WHERE state = 'queued';
CREATE INDEX messages_queued_by_chat ON messages (chat_id, created_at) WHERE state = 'queued';
CREATE INDEX messages_unopened ON messages (key) WHERE class = 'place' AND state = 'ambiguous';
CREATE INDEX messages_sending ON messages (key) WHERE state = 'sending';
-- What people reply to, and in which topic they write.
CREATE INDEX messages_standing ON messages (chat_id, message_id) WHERE message_id IS NOT NULL;

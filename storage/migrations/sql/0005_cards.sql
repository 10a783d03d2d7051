-- What is paid by card. Ids with a prefix (cus_, cs_, sub_, in_, pi_, ch_, re_, evt_) are Stripe's,
-- the others our own; an instance's own subscriptions were a sketch that nothing wrote to.

DROP TABLE card_subscriptions;
DROP TABLE card_events;

CREATE TABLE card_customers (
  partner_id  TEXT PRIMARY KEY REFERENCES partners (id),
  customer_id TEXT NOT NULL UNIQUE
);

-- One instance's subscription; its id is the `op` in Stripe's metadata.
CREATE TABLE card_subscriptions (
  id              TEXT    PRIMARY KEY,
  instance_id     TEXT    NOT NULL REFERENCES instances (id),
  partner_id      TEXT    NOT NULL REFERENCES partners (id),
  charged_each    TEXT    NOT NULL CHECK (charged_each IN ('month', 'half_year', 'year')),
  amount_minor    BIGINT  NOT NULL CHECK (amount_minor > 0),
  currency        TEXT    NOT NULL,
  state           TEXT    NOT NULL CHECK (state IN ('asked', 'open', 'active', 'past_due', 'ended',
                            'void')),
  customer_id     TEXT,
  session_id      TEXT,
  subscription_id TEXT    UNIQUE,
  -- How far it is paid.
  period_ends_at  BIGINT,
  ending          INTEGER NOT NULL DEFAULT 0 CHECK (ending IN (0, 1)),
  asked_at        BIGINT  NOT NULL,
  ended_at        BIGINT,
  card_key        TEXT,
  CHECK (state NOT IN ('active', 'past_due') OR period_ends_at IS NOT NULL)
);
-- Of two that were paid for one instance the second waits for a person.
CREATE UNIQUE INDEX card_subscriptions_running ON card_subscriptions (instance_id)
  WHERE state IN ('active', 'past_due');
CREATE INDEX card_subscriptions_of_instance ON card_subscriptions (instance_id, asked_at);

-- Checkout sessions: one who has the address can pay until it is over.
CREATE TABLE card_sessions (
  id           TEXT    PRIMARY KEY,
  kind         TEXT    NOT NULL CHECK (kind IN ('subscription', 'invoice')),
  subject      TEXT    NOT NULL,
  partner_id   TEXT    NOT NULL REFERENCES partners (id),
  amount_minor BIGINT  NOT NULL CHECK (amount_minor > 0),
  currency     TEXT    NOT NULL,
  state        TEXT    NOT NULL CHECK (state IN ('asked', 'open', 'paid', 'over')),
  session_id   TEXT    UNIQUE,
  url          TEXT,
  expires_at   BIGINT,
  wanted       INTEGER NOT NULL DEFAULT 1 CHECK (wanted IN (0, 1)),
  asked_at     BIGINT  NOT NULL,
  card_key     TEXT
);
CREATE INDEX card_sessions_of_subject ON card_sessions (subject, asked_at);
CREATE INDEX card_sessions_open ON card_sessions (id) WHERE state = 'open';

-- Calls to Stripe: the id is the idempotency key, here before it is used.
CREATE TABLE card_calls (
  id          TEXT    PRIMARY KEY,
  partner_id  TEXT    NOT NULL REFERENCES partners (id),
  operation   TEXT    NOT NULL,
  subject     TEXT    NOT NULL,
  message_key TEXT,
  state       TEXT    NOT NULL CHECK (state IN ('open', 'done', 'refused', 'void')),
  attempts    INTEGER NOT NULL DEFAULT 0,
  error       TEXT,
  -- The order in which they were promised: of one partner one after the other.
  seq         BIGINT  NOT NULL UNIQUE,
  created_at  BIGINT  NOT NULL,
  not_before  BIGINT  NOT NULL,
  closed_at   BIGINT
);
CREATE INDEX card_calls_open ON card_calls (partner_id, seq) WHERE state = 'open';
CREATE INDEX card_calls_about ON card_calls (subject, seq) WHERE state = 'open';

CREATE TABLE stripe_events (
  id          TEXT    PRIMARY KEY,
  type        TEXT    NOT NULL,
  created_at  BIGINT  NOT NULL,
  live        INTEGER NOT NULL CHECK (live IN (0, 1)),
  about       TEXT    NOT NULL,
  body        TEXT    NOT NULL,
  received_at BIGINT  NOT NULL,
  not_before  BIGINT  NOT NULL,
  state       TEXT    NOT NULL CHECK (state IN ('new', 'done', 'ignored', 'quarantined')),
  error       TEXT,
  partner_id  TEXT,
  looked_by   BIGINT,
  looked_at   BIGINT
);
CREATE INDEX stripe_events_new ON stripe_events (not_before, created_at) WHERE state = 'new';
-- Our own looks, which are forgotten.
CREATE INDEX stripe_events_looks ON stripe_events (received_at) WHERE type = 'look';
CREATE INDEX stripe_events_kept_aside ON stripe_events (about, error)
  WHERE state = 'quarantined';
CREATE INDEX stripe_events_quarantined ON stripe_events (received_at)
  WHERE state = 'quarantined' AND looked_at IS NULL;

-- Money that cards brought: Stripe's own id of it, once, whatever events tell of it.
CREATE TABLE card_payments (
  id           TEXT   PRIMARY KEY,
  kind         TEXT   NOT NULL CHECK (kind IN ('subscription', 'invoice')),
  subject      TEXT   NOT NULL,
  partner_id   TEXT   NOT NULL REFERENCES partners (id),
  amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
  currency     TEXT   NOT NULL,
  paid_at      BIGINT NOT NULL,
  booked_at    BIGINT NOT NULL
);
CREATE INDEX card_payments_of_partner ON card_payments (partner_id);
CREATE INDEX card_payments_by_booking ON card_payments (booked_at);

-- Refunds and disputes; of a dispute that was won the money came back.
CREATE TABLE card_returns (
  id           TEXT    PRIMARY KEY,
  payment_id   TEXT    NOT NULL REFERENCES card_payments (id),
  partner_id   TEXT    NOT NULL REFERENCES partners (id),
  amount_minor BIGINT  NOT NULL CHECK (amount_minor > 0),
  currency     TEXT    NOT NULL,
  dispute      INTEGER NOT NULL CHECK (dispute IN (0, 1)),
  booked_at    BIGINT  NOT NULL,
  back_at      BIGINT
);
CREATE INDEX card_returns_of_partner ON card_returns (partner_id);
CREATE INDEX card_returns_by_booking ON card_returns (booked_at);
CREATE INDEX card_returns_back ON card_returns (back_at) WHERE back_at IS NOT NULL;

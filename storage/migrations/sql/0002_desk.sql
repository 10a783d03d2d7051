-- Instants are whole microseconds since 1970 UTC, money whole minor units, ids text, flags 0 or 1.

CREATE TABLE desk_state (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE persons (
  user_id    BIGINT PRIMARY KEY,
  name       TEXT   NOT NULL,
  language   TEXT   NOT NULL,
  zone       TEXT,
  blocked_at BIGINT,
  seen_at    BIGINT NOT NULL
);

CREATE TABLE staff (
  user_id  BIGINT PRIMARY KEY,
  role     TEXT   NOT NULL CHECK (role IN ('support', 'finance', 'admin')),
  given_by BIGINT,
  given_at BIGINT NOT NULL
);

CREATE TABLE staff_groups (
  chat_id  BIGINT PRIMARY KEY,
  bound_by BIGINT,
  bound_at BIGINT NOT NULL
);

CREATE TABLE applications (
  id         TEXT   PRIMARY KEY,
  user_id    BIGINT NOT NULL,
  company    TEXT   NOT NULL,
  migrate    INTEGER NOT NULL CHECK (migrate IN (0, 1)),
  state      TEXT   NOT NULL CHECK (state IN ('open', 'approved', 'declined')),
  programme  TEXT,
  reason     TEXT,
  decided_by BIGINT,
  decided_at BIGINT,
  created_at BIGINT NOT NULL,
  -- The key of the message that shows it to the applicant, and follows the decision.
  card       TEXT
);
-- An open application is edited, not doubled.
CREATE UNIQUE INDEX applications_open ON applications (user_id) WHERE state = 'open';

-- Who of the staff sees to a card; gone once it is decided (requests for days have their own).
CREATE TABLE claims (
  kind       TEXT   NOT NULL,
  subject    TEXT   NOT NULL,
  claimed_by BIGINT NOT NULL,
  claimed_at BIGINT NOT NULL,
  PRIMARY KEY (kind, subject)
);

CREATE TABLE partners (
  id                TEXT    PRIMARY KEY,
  name              TEXT    NOT NULL,
  folded_name       TEXT    NOT NULL,
  programme         TEXT    NOT NULL,
  programme_version INTEGER NOT NULL,
  currency          TEXT    NOT NULL,
  zone              TEXT    NOT NULL,
  created_at        BIGINT  NOT NULL,
  -- What the instances that follow it are billed up to (storage/regular.py).
  billed_until      BIGINT,
  frozen_at         BIGINT,
  frozen_reason     TEXT,
  stopped_at        BIGINT,
  left_at           BIGINT,
  -- Whether what is prepaid moves to the monthly invoice; chosen with the application.
  migrates          INTEGER CHECK (migrates IN (0, 1)),
  -- Days in arrears down to this limit; none was agreed: as the programme has it.
  day_limit         INTEGER CHECK (day_limit >= 0),
  standing_order    INTEGER NOT NULL DEFAULT 0 CHECK (standing_order IN (0, 1)),
  -- Hours of its own in which nobody is woken, `23:00-07:00` of its zone (billing/nights.py).
  quiet             TEXT,
  -- How often it was moved to other terms (see moves).
  moved             INTEGER NOT NULL DEFAULT 0,
  legal_name        TEXT,
  tax_id            TEXT,
  address           TEXT,
  email             TEXT,
  -- Counted up by whoever changes the partner or what is its own: the row is the lock.
  changes           BIGINT  NOT NULL DEFAULT 0
);
CREATE INDEX partners_by_name ON partners (folded_name);

CREATE TABLE members (
  user_id    BIGINT PRIMARY KEY,
  partner_id TEXT   NOT NULL REFERENCES partners (id),
  role       TEXT   NOT NULL CHECK (role IN ('viewer', 'manager', 'finance', 'owner')),
  joined_at  BIGINT NOT NULL
);
CREATE INDEX members_by_partner ON members (partner_id, joined_at);

-- A partner's own group: one each, where its members act with their own rights.
CREATE TABLE partner_groups (
  chat_id    BIGINT PRIMARY KEY,
  partner_id TEXT   NOT NULL UNIQUE REFERENCES partners (id),
  bound_by   BIGINT,
  bound_at   BIGINT NOT NULL
);

-- What differs from the default of each role: which notices a member, or the group, gets.
CREATE TABLE notice_choices (
  partner_id TEXT    NOT NULL REFERENCES partners (id),
  reader     TEXT    NOT NULL,           -- a member's user id, or 'group'
  family     TEXT    NOT NULL,
  wanted     INTEGER NOT NULL CHECK (wanted IN (0, 1)),
  PRIMARY KEY (partner_id, reader, family)
);

-- Only ever added to: of two from the same instant the later one counts.
CREATE TABLE agreements (
  partner_id  TEXT   NOT NULL REFERENCES partners (id),
  since       BIGINT NOT NULL,
  nth         INTEGER NOT NULL DEFAULT 1,
  price_minor BIGINT NOT NULL CHECK (price_minor > 0),
  currency    TEXT   NOT NULL,
  agreed_by   BIGINT,
  agreed_at   BIGINT NOT NULL,
  -- Taken back before it began: it never counted.
  withdrawn_at BIGINT,
  PRIMARY KEY (partner_id, since, nth)
);

-- From which terms to which a partner was moved, and when; one may wait for its instant.
CREATE TABLE moves (
  id            TEXT    PRIMARY KEY,
  partner_id    TEXT    NOT NULL REFERENCES partners (id),
  since         BIGINT  NOT NULL,
  programme     TEXT    NOT NULL,
  version       INTEGER NOT NULL,
  was_programme TEXT    NOT NULL,
  was_version   INTEGER NOT NULL,
  state         TEXT    NOT NULL CHECK (state IN ('waiting', 'done', 'refused', 'taken_back')),
  asked_by      BIGINT,
  asked_at      BIGINT  NOT NULL
);
CREATE UNIQUE INDEX moves_waiting ON moves (partner_id) WHERE state = 'waiting';
CREATE UNIQUE INDEX moves_done ON moves (partner_id, since) WHERE state = 'done';

-- One-time codes that link a person to a partner, or, without a role, bind its own group.
CREATE TABLE link_codes (
  hashed     TEXT   PRIMARY KEY,
  partner_id TEXT   NOT NULL REFERENCES partners (id),
  role       TEXT   CHECK (role IN ('viewer', 'manager', 'finance', 'owner')),
  made_by    BIGINT,
  made_at    BIGINT NOT NULL,
  ends_at    BIGINT NOT NULL,
  used_by    BIGINT,
  used_at    BIGINT
);

CREATE TABLE tokens (
  id              TEXT    PRIMARY KEY,
  partner_id      TEXT    NOT NULL REFERENCES partners (id),
  tier            INTEGER NOT NULL CHECK (tier >= 1),
  created         INTEGER NOT NULL DEFAULT 0 CHECK (created >= 0),
  allowed         INTEGER,
  secret_hash     TEXT,
  old_secret_hash TEXT,
  old_until       BIGINT,
  rotated_at      BIGINT,
  present         INTEGER NOT NULL CHECK (present IN (0, 1)),
  granted_at      BIGINT  NOT NULL,
  CHECK (allowed IS NULL OR created <= allowed)
);
CREATE UNIQUE INDEX tokens_present ON tokens (partner_id) WHERE present = 1;
CREATE UNIQUE INDEX tokens_by_secret ON tokens (secret_hash) WHERE secret_hash IS NOT NULL;

CREATE TABLE token_requests (
  id         TEXT    PRIMARY KEY,
  partner_id TEXT    NOT NULL REFERENCES partners (id),
  tier       INTEGER NOT NULL,
  user_id    BIGINT  NOT NULL,
  created_at BIGINT  NOT NULL,
  granted    INTEGER CHECK (granted IN (0, 1)),
  decided_by BIGINT,
  decided_at BIGINT,
  reason     TEXT
);
CREATE UNIQUE INDEX token_requests_open ON token_requests (partner_id) WHERE granted IS NULL;

CREATE TABLE acceptances (
  partner_id  TEXT   NOT NULL REFERENCES partners (id),
  user_id     BIGINT NOT NULL,
  version     TEXT   NOT NULL,
  accepted_at BIGINT NOT NULL,
  PRIMARY KEY (partner_id, user_id, version, accepted_at)
);

-- Secrets that wait until their owner has saved them, encrypted.
CREATE TABLE secrets (
  key        TEXT   PRIMARY KEY,
  partner_id TEXT   NOT NULL REFERENCES partners (id),
  ciphertext TEXT   NOT NULL,
  kept_at    BIGINT NOT NULL
);

CREATE TABLE instances (
  id                  TEXT    PRIMARY KEY,
  partner_id          TEXT    NOT NULL REFERENCES partners (id),
  name                TEXT    NOT NULL,
  folded_name         TEXT    NOT NULL,
  state               TEXT    NOT NULL CHECK (state IN ('creating', 'trial', 'stopped', 'active',
                                'cancelled', 'overdue', 'ended', 'deleted', 'failed')),
  settlement          TEXT    NOT NULL CHECK (settlement IN ('postpaid', 'days', 'card')),
  origin              TEXT    NOT NULL CHECK (origin IN ('bot', 'api', 'panel')),
  band                INTEGER NOT NULL CHECK (band >= 1),
  token_id            TEXT    REFERENCES tokens (id),
  created_at          BIGINT  NOT NULL,
  trial_ends_at       BIGINT,
  subscribed_at       BIGINT,
  cancelled_at        BIGINT,
  service_ends_at     BIGINT,
  billable_until      BIGINT,
  stopped_at          BIGINT,
  ended_at            BIGINT,
  deleted_at          BIGINT,
  -- Every billable month before this instant is on an invoice that is not void; of one that
  -- `follows`, before the partner's.
  billed_until        BIGINT,
  follows             INTEGER NOT NULL DEFAULT 0 CHECK (follows IN (0, 1)),
  -- Whether it may have a line to come (storage/regular.py).
  owes_lines          INTEGER NOT NULL DEFAULT 0 CHECK (owes_lines IN (0, 1)),
  -- What the platform knows of it; the link is kept apart from the billing state.
  platform_token      TEXT,
  connected           INTEGER CHECK (connected IN (0, 1)),
  link_changed_at     BIGINT,
  -- Settled in days.
  active_until        BIGINT,
  auto_extend         INTEGER CHECK (auto_extend > 0),
  -- Imported with a date until which it is paid elsewhere.
  paid_until          BIGINT,
  -- The partner's own customer.
  customer_name       TEXT,
  customer_price_minor BIGINT,
  customer_currency   TEXT,
  customer_paid_until TEXT
);
CREATE UNIQUE INDEX instances_living_name ON instances (partner_id, folded_name)
  WHERE state NOT IN ('deleted', 'failed');
CREATE UNIQUE INDEX instances_of_partner ON instances (partner_id, id);
CREATE INDEX instances_by_state ON instances (partner_id, state);
-- What happened in a stretch of time is counted there, however long ago the rest was; and what runs.
CREATE INDEX instances_by_creation ON instances (created_at);
CREATE INDEX instances_by_subscription ON instances (subscribed_at)
  WHERE subscribed_at IS NOT NULL;
CREATE INDEX instances_by_cancellation ON instances (cancelled_at)
  WHERE cancelled_at IS NOT NULL;
CREATE INDEX instances_by_deletion ON instances (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX instances_gone ON instances (partner_id, deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX instances_running ON instances (state)
  WHERE state IN ('trial', 'active', 'cancelled');
CREATE INDEX instances_living ON instances (state) WHERE state NOT IN ('deleted', 'failed');
CREATE INDEX instances_stopped ON instances (stopped_at, id) WHERE state = 'stopped';
-- What ended and is billed whole leaves it, so that a close does not read a partner's past;
-- by a column of its own, for a month that is billed would move every row in it.
CREATE INDEX instances_unbilled ON instances (partner_id, follows, band, subscribed_at)
  WHERE owes_lines = 1;

CREATE TABLE number_series (
  programme TEXT    NOT NULL,
  year      INTEGER NOT NULL,
  last      BIGINT  NOT NULL,
  PRIMARY KEY (programme, year)
);

CREATE TABLE invoices (
  id            TEXT   PRIMARY KEY,
  number        TEXT   NOT NULL UNIQUE,
  kind          TEXT   NOT NULL CHECK (kind IN ('monthly', 'days', 'credit_note')),
  partner_id    TEXT   NOT NULL REFERENCES partners (id),
  programme     TEXT   NOT NULL,
  period        TEXT   NOT NULL,
  currency      TEXT   NOT NULL,
  total_minor   BIGINT NOT NULL,
  settled_minor BIGINT NOT NULL CHECK (settled_minor BETWEEN 0 AND total_minor),
  state         TEXT   NOT NULL CHECK (state IN ('due', 'paid', 'void')),
  issued_at     BIGINT NOT NULL,
  due_on        TEXT   NOT NULL,
  last_on       TEXT   NOT NULL,
  due_until     BIGINT NOT NULL,
  stop_at       BIGINT NOT NULL,
  delete_at     BIGINT NOT NULL,
  held_until    TEXT,
  hold_reason   TEXT,
  -- Credited when it is paid whole, and as how many channels they were asked for.
  days          INTEGER NOT NULL DEFAULT 0 CHECK (days >= 0),
  channels      INTEGER CHECK (channels > 0),
  -- The invoice that a credit note voids.
  corrects      TEXT   REFERENCES invoices (number),
  -- The partner's company data when it was issued; what it changes later is on later ones.
  billed_name    TEXT,
  billed_tax_id  TEXT,
  billed_address TEXT,
  billed_email   TEXT
);
-- Two workers that close the same month cannot both draw up an invoice.
CREATE UNIQUE INDEX invoices_once ON invoices (partner_id, period)
  WHERE kind = 'monthly' AND state <> 'void';
CREATE INDEX invoices_by_partner ON invoices (partner_id, issued_at);
CREATE INDEX invoices_by_issue ON invoices (issued_at);
CREATE INDEX invoices_unpaid ON invoices (stop_at) WHERE state = 'due';
CREATE INDEX invoices_owed ON invoices (partner_id, issued_at) WHERE state = 'due';

CREATE TABLE invoice_lines (
  invoice_id      TEXT    NOT NULL REFERENCES invoices (id),
  instance_id     TEXT    NOT NULL,
  partner_id      TEXT    NOT NULL,
  period          TEXT    NOT NULL,
  kind            TEXT    NOT NULL CHECK (kind IN ('month', 'days')),
  days            INTEGER CHECK (days > 0),
  name            TEXT    NOT NULL,
  band            INTEGER NOT NULL,
  price_minor     BIGINT  NOT NULL,
  subscribed_at   BIGINT  NOT NULL,
  cancelled_at    BIGINT,
  service_ends_at BIGINT,
  void            INTEGER NOT NULL DEFAULT 0 CHECK (void IN (0, 1)),
  PRIMARY KEY (invoice_id, instance_id, period, kind),
  FOREIGN KEY (partner_id, instance_id) REFERENCES instances (partner_id, id)
);
-- A month of an instance is billed once. The partner leads, whose for ever the instance is: the
-- lines of a close lie side by side.
CREATE UNIQUE INDEX invoice_lines_once ON invoice_lines (partner_id, instance_id, period, kind)
  WHERE void = 0;

CREATE TABLE payments (
  id               TEXT   PRIMARY KEY,
  invoice_id       TEXT   NOT NULL REFERENCES invoices (id),
  partner_id       TEXT   NOT NULL REFERENCES partners (id),
  amount_minor     BIGINT NOT NULL CHECK (amount_minor > 0),
  currency         TEXT   NOT NULL,
  reference        TEXT   NOT NULL,
  folded_reference TEXT   NOT NULL UNIQUE,
  received_at      BIGINT NOT NULL,
  booked_by        BIGINT NOT NULL,
  booked_at        BIGINT NOT NULL,
  seq              BIGINT NOT NULL UNIQUE, -- in the order of booking, also within one instant
  -- So much of it settled the invoice; the rest became credit.
  used_minor       BIGINT NOT NULL CHECK (used_minor BETWEEN 0 AND amount_minor),
  -- It turned out to be none; its reference stays taken.
  reversed_at      BIGINT,
  reversed_by      BIGINT,
  reversal_reason  TEXT
);
CREATE INDEX payments_by_invoice ON payments (invoice_id, seq);
CREATE INDEX payments_by_booking ON payments (booked_at);
CREATE INDEX payments_by_reversal ON payments (reversed_at) WHERE reversed_at IS NOT NULL;

-- What partners sent as the proof of a transfer; it stands in the chat as that message.
CREATE TABLE receipts (
  id         TEXT   PRIMARY KEY,
  invoice_id TEXT   NOT NULL REFERENCES invoices (id),
  partner_id TEXT   NOT NULL REFERENCES partners (id),
  sent_by    BIGINT NOT NULL,
  chat_id    BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  sent_at    BIGINT NOT NULL,
  said       TEXT   NOT NULL DEFAULT '',
  state      TEXT   NOT NULL CHECK (state IN ('waiting', 'booked', 'declined', 'closed')),
  decided_by BIGINT,
  decided_at BIGINT,
  reason     TEXT,
  UNIQUE (invoice_id, chat_id, message_id)
);
CREATE INDEX receipts_waiting ON receipts (partner_id, sent_at) WHERE state = 'waiting';

-- Credit that was paid back outside.
CREATE TABLE refunds (
  id               TEXT   PRIMARY KEY,
  partner_id       TEXT   NOT NULL REFERENCES partners (id),
  amount_minor     BIGINT NOT NULL CHECK (amount_minor > 0),
  currency         TEXT   NOT NULL,
  reference        TEXT   NOT NULL,
  folded_reference TEXT   NOT NULL UNIQUE,
  booked_by        BIGINT NOT NULL,
  booked_at        BIGINT NOT NULL,
  seq              BIGINT NOT NULL UNIQUE
);
CREATE INDEX refunds_by_booking ON refunds (booked_at);

-- Money of staff's that waits for a second person.
CREATE TABLE approvals (
  id           TEXT   PRIMARY KEY,
  kind         TEXT   NOT NULL CHECK (kind IN ('paid', 'unpaid', 'credit', 'credit_days', 'refund')),
  args         TEXT   NOT NULL,
  terms        TEXT   NOT NULL,           -- what it was asked for under: changed, it is asked anew
  partner_id   TEXT   NOT NULL REFERENCES partners (id),
  amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
  currency     TEXT   NOT NULL,
  asked_by     BIGINT NOT NULL,
  asked_at     BIGINT NOT NULL,
  state        TEXT   NOT NULL CHECK (state IN ('waiting', 'done', 'dropped')),
  decided_by   BIGINT,
  decided_at   BIGINT,
  CHECK (state <> 'done' OR decided_by <> asked_by)
);
-- Asked for once, while it waits.
CREATE UNIQUE INDEX approvals_waiting ON approvals (partner_id, kind, args)
  WHERE state = 'waiting';
CREATE INDEX invoices_correcting ON invoices (corrects) WHERE corrects IS NOT NULL;

-- How many rows the books and the audit have, and the hash of the last one (storage/chains.py).
CREATE TABLE chains (
  name   TEXT   PRIMARY KEY,
  length BIGINT NOT NULL,
  head   TEXT   NOT NULL
);
INSERT INTO chains (name, length, head) VALUES ('entries', 0, ''), ('audit', 0, '');

-- The books: rows are only ever added (see the triggers of each engine).
CREATE TABLE entries (
  id         BIGINT NOT NULL PRIMARY KEY,
  at         BIGINT NOT NULL,
  kind       TEXT   NOT NULL,
  partner_id TEXT   NOT NULL REFERENCES partners (id),
  reference  TEXT   NOT NULL,
  actor      TEXT   NOT NULL,
  cause      TEXT   NOT NULL,
  hash       TEXT   NOT NULL
);
CREATE INDEX entries_by_partner ON entries (partner_id, id);

CREATE TABLE postings (
  entry_id BIGINT  NOT NULL REFERENCES entries (id),
  line     INTEGER NOT NULL,
  account  TEXT    NOT NULL,
  unit     TEXT    NOT NULL,
  amount   BIGINT  NOT NULL,
  PRIMARY KEY (entry_id, line)
);
CREATE INDEX postings_by_account ON postings (account, unit, entry_id);

-- The fold of the postings, kept in the same transaction: a balance costs one row.
CREATE TABLE balances (
  account TEXT   NOT NULL,
  unit    TEXT   NOT NULL,
  amount  BIGINT NOT NULL,
  PRIMARY KEY (account, unit)
);

CREATE TABLE audit (
  id         BIGINT NOT NULL PRIMARY KEY,
  at         BIGINT NOT NULL,
  actor      TEXT   NOT NULL,
  user_id    BIGINT,
  chat_id    BIGINT,
  channel    TEXT   NOT NULL,
  action     TEXT   NOT NULL,
  kind       TEXT   NOT NULL,
  object_id  TEXT   NOT NULL,
  partner_id TEXT,
  before     TEXT   NOT NULL,
  after      TEXT   NOT NULL,
  amount_minor BIGINT,
  currency   TEXT,
  outcome    TEXT   NOT NULL,
  cause      TEXT   NOT NULL,
  hash       TEXT   NOT NULL
);
CREATE INDEX audit_by_object ON audit (object_id, id);
CREATE INDEX audit_by_partner ON audit (partner_id, id);

CREATE TABLE due (
  key          TEXT   PRIMARY KEY,
  kind         TEXT   NOT NULL,
  subject      TEXT   NOT NULL,
  partner_id   TEXT,
  at           BIGINT NOT NULL,
  useful_until BIGINT,
  state        TEXT   NOT NULL CHECK (state IN ('waiting', 'done', 'dropped')),
  settled_at   BIGINT
);
CREATE INDEX due_waiting ON due (at, key) WHERE state = 'waiting';
CREATE INDEX due_of_partner ON due (partner_id, kind, at) WHERE state = 'waiting';
CREATE INDEX due_settled ON due (at) WHERE state <> 'waiting';

CREATE TABLE platform_calls (
  id          TEXT    PRIMARY KEY,
  instance_id TEXT    NOT NULL REFERENCES instances (id),
  partner_id  TEXT    NOT NULL REFERENCES partners (id),
  operation   TEXT    NOT NULL,
  message_key TEXT,
  state       TEXT    NOT NULL CHECK (state IN ('open', 'done', 'refused', 'void')),
  attempts    INTEGER NOT NULL DEFAULT 0,
  error       TEXT,
  -- The order in which they were promised: of one instance one after the other.
  seq         BIGINT  NOT NULL UNIQUE,
  created_at  BIGINT  NOT NULL,
  not_before  BIGINT  NOT NULL,
  closed_at   BIGINT
);
CREATE INDEX platform_calls_open ON platform_calls (instance_id, seq) WHERE state = 'open';
CREATE INDEX platform_calls_when ON platform_calls (not_before, instance_id, seq)
  WHERE state = 'open';
CREATE INDEX platform_calls_subscribing ON platform_calls (partner_id)
  WHERE state = 'open' AND operation = 'subscribe';
CREATE INDEX platform_calls_of_message ON platform_calls (message_key, seq)
  WHERE message_key IS NOT NULL;

-- Numbers that are being connected, by the message that shows how; the QR code itself is among the
-- secrets for as long as it is of use.
CREATE TABLE pairings (
  message_key TEXT    PRIMARY KEY,
  instance_id TEXT    NOT NULL REFERENCES instances (id),
  partner_id  TEXT    NOT NULL REFERENCES partners (id),
  chat_id     BIGINT  NOT NULL,
  user_id     BIGINT  NOT NULL,
  -- Until it is connected, or not waited for any more.
  phone       TEXT,
  begun_at    BIGINT  NOT NULL,
  shown       INTEGER NOT NULL,
  until       BIGINT,
  state       TEXT    NOT NULL CHECK (state IN ('awaited', 'connected', 'refused', 'over'))
);

-- What a button stands for: Telegram carries the id alone.
CREATE TABLE intents (
  id          TEXT    PRIMARY KEY,
  message_key TEXT    NOT NULL,
  version     INTEGER NOT NULL,
  chat_id     BIGINT  NOT NULL,
  reader      BIGINT,
  action      TEXT    NOT NULL,
  args        TEXT    NOT NULL,
  once        INTEGER NOT NULL CHECK (once IN (0, 1)),
  created_at  BIGINT  NOT NULL,
  expires_at  BIGINT  NOT NULL,
  used_by     BIGINT,
  used_at     BIGINT
);
CREATE INDEX intents_by_message ON intents (message_key, version);
CREATE INDEX intents_by_expiry ON intents (expires_at);

CREATE TABLE questions (
  chat_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  kind    TEXT   NOT NULL,
  args    TEXT   NOT NULL,
  PRIMARY KEY (chat_id, user_id)
);

CREATE TABLE shown_lists (
  chat_id   BIGINT NOT NULL,
  user_id   BIGINT NOT NULL,
  instances TEXT   NOT NULL,
  PRIMARY KEY (chat_id, user_id)
);

-- What partners and staff say to each other past the commands, both ways; a staff message answers
-- what the partner had said until then, which waits until `answered_at`.
CREATE TABLE support_messages (
  id          TEXT    PRIMARY KEY,
  partner_id  TEXT    NOT NULL REFERENCES partners (id),
  by_staff    INTEGER NOT NULL CHECK (by_staff IN (0, 1)),
  user_id     BIGINT  NOT NULL,
  -- Where it stands as it was said; of a group that became a supergroup it is not there any more.
  chat_id     BIGINT  NOT NULL,
  message_id  BIGINT,
  answers     TEXT    REFERENCES support_messages (id),
  text        TEXT    NOT NULL,
  file        TEXT,
  album       TEXT,                      -- what was sent together: the first has the words
  said_at     BIGINT  NOT NULL,
  answered_by BIGINT,
  answered_at BIGINT
);
CREATE INDEX support_messages_waiting ON support_messages (said_at)
  WHERE by_staff = 0 AND answered_at IS NULL;
CREATE INDEX support_messages_by_album ON support_messages (chat_id, album)
  WHERE album IS NOT NULL;
CREATE INDEX support_messages_by_partner ON support_messages (partner_id, said_at);

-- One message to the people of many partners; `receivers` as they were when it was confirmed.
CREATE TABLE broadcasts (
  id         TEXT    PRIMARY KEY,
  segment    TEXT    NOT NULL,
  text       TEXT    NOT NULL,
  copies     TEXT,
  receivers  TEXT    NOT NULL,
  asked_by   BIGINT  NOT NULL,
  chat_id    BIGINT  NOT NULL,
  asked_at   BIGINT  NOT NULL,
  -- So many of the receivers have their message in the outbox.
  said       INTEGER NOT NULL DEFAULT 0,
  state      TEXT    NOT NULL CHECK (state IN ('asked', 'going', 'over', 'dropped'))
);

-- The embedded platform: what another company's servers would hold.
CREATE TABLE embedded_instances (
  id         TEXT    PRIMARY KEY,
  name       TEXT    NOT NULL,
  token      TEXT    NOT NULL,
  state      TEXT    NOT NULL CHECK (state IN ('trial', 'active', 'stopped', 'deleted')),
  connected  INTEGER NOT NULL CHECK (connected IN (0, 1)),
  paid_until BIGINT,
  created_at BIGINT  NOT NULL
);

-- Days: requests for them; balances and movements are postings in the unit 'days'.
CREATE TABLE day_requests (
  id           TEXT    PRIMARY KEY,
  partner_id   TEXT    NOT NULL REFERENCES partners (id),
  days         INTEGER NOT NULL CHECK (days > 0),
  channels     INTEGER CHECK (channels > 0),
  total_minor  BIGINT  NOT NULL CHECK (total_minor > 0),
  currency     TEXT    NOT NULL,
  state        TEXT    NOT NULL CHECK (state IN ('waiting', 'invoiced', 'credited', 'withdrawn', 'void')),
  requested_by BIGINT,
  requested_at BIGINT  NOT NULL,
  promised_by  BIGINT  NOT NULL,
  standing     INTEGER NOT NULL CHECK (standing IN (0, 1)),
  claimed_by   BIGINT,
  claimed_at   BIGINT,
  invoice_id   TEXT    UNIQUE REFERENCES invoices (id)
);
CREATE INDEX day_requests_waiting ON day_requests (promised_by) WHERE state = 'waiting';
CREATE INDEX day_requests_by_partner ON day_requests (partner_id, requested_at);

-- Days that an instance was given: 24-hour periods from starts_at on, the last ones returned.
CREATE TABLE day_allocations (
  id           TEXT    PRIMARY KEY,
  instance_id  TEXT    NOT NULL REFERENCES instances (id),
  partner_id   TEXT    NOT NULL REFERENCES partners (id),
  days         INTEGER NOT NULL CHECK (days > 0),
  starts_at    BIGINT  NOT NULL,
  ends_at      BIGINT  NOT NULL,
  returned     INTEGER NOT NULL DEFAULT 0 CHECK (returned BETWEEN 0 AND days),
  -- So many of its periods are in the books as used.
  used         INTEGER NOT NULL DEFAULT 0 CHECK (used BETWEEN 0 AND days - returned),
  allocated_at BIGINT  NOT NULL
);
CREATE INDEX day_allocations_by_instance ON day_allocations (instance_id, starts_at);
CREATE INDEX day_allocations_by_end ON day_allocations (partner_id, ends_at);
-- Those with periods that are still to be used.
CREATE INDEX day_allocations_open ON day_allocations (partner_id) WHERE used < days - returned;

-- Invoices whose days are in the balance: credited once, and again only after a reversal.
CREATE TABLE day_credits (
  invoice_id  TEXT    PRIMARY KEY REFERENCES invoices (id),
  partner_id  TEXT    NOT NULL REFERENCES partners (id),
  days        INTEGER NOT NULL CHECK (days > 0),
  credited_at BIGINT  NOT NULL
);

-- Partners whose balance is low; it is said once per occasion, which ends when it is not.
CREATE TABLE day_lows (
  partner_id TEXT   PRIMARY KEY REFERENCES partners (id),
  since      BIGINT NOT NULL
);

-- Cards: one Stripe subscription per instance; an event counts once.
CREATE TABLE card_subscriptions (
  id          TEXT   PRIMARY KEY,
  instance_id TEXT   NOT NULL REFERENCES instances (id),
  plan        TEXT   NOT NULL CHECK (plan IN ('monthly', 'six_monthly', 'yearly')),
  state       TEXT   NOT NULL,
  period_end  BIGINT,
  created_at  BIGINT NOT NULL
);
CREATE TABLE card_events (
  id          TEXT   PRIMARY KEY,
  kind        TEXT   NOT NULL,
  body        TEXT   NOT NULL,
  received_at BIGINT NOT NULL,
  state       TEXT   NOT NULL CHECK (state IN ('new', 'done', 'quarantined'))
);

-- What the desk's health is told by: updates that were kept aside, messages that never arrived.
CREATE INDEX inbox_kept_aside ON inbox (update_id) WHERE state = 'quarantined';
CREATE INDEX messages_lost ON messages (created_at) WHERE state IN ('failed', 'ambiguous');

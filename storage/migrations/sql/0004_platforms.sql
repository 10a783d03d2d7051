-- Where an instance is held, by the name of its platform: a move of the programme to another
-- platform leaves it there. The platform's own id of it, and where its own API is.
ALTER TABLE instances ADD COLUMN platform TEXT NOT NULL DEFAULT 'embedded';
ALTER TABLE instances ADD COLUMN remote_id TEXT;
ALTER TABLE instances ADD COLUMN remote_address TEXT;
-- Until when the platform has confirmed that it runs; up to now that was asked of the open calls.
ALTER TABLE instances ADD COLUMN confirmed_until BIGINT;
UPDATE instances
   SET confirmed_until = COALESCE(
         (SELECT MIN(starts_at) FROM day_allocations
           WHERE day_allocations.instance_id = instances.id
             AND allocated_at >= (SELECT MIN(created_at) FROM platform_calls
                                   WHERE platform_calls.instance_id = instances.id
                                     AND state = 'open' AND operation = 'extend')),
         active_until)
 WHERE active_until IS NOT NULL;

-- Until when the platform wants not to be asked, for nothing was done; NULL unless it said so.
ALTER TABLE platform_calls ADD COLUMN queued_until BIGINT;
-- Open, and a person does it at the platform; asked again only if it is queued as well.
ALTER TABLE platform_calls ADD COLUMN by_hand_since BIGINT;
CREATE INDEX platform_calls_by_hand ON platform_calls (seq)
  WHERE state = 'open' AND by_hand_since IS NOT NULL;

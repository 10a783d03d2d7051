-- The sorts of cards that a staff group does not take, separated by blanks.
ALTER TABLE staff_groups ADD COLUMN leaves_out TEXT NOT NULL DEFAULT '';
-- The first proof on the same card of the staff's; NULL for that one itself.
ALTER TABLE receipts ADD COLUMN joins TEXT REFERENCES receipts (id);

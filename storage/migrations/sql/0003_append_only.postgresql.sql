-- What was written in the books and in the audit stays as it was written.
CREATE FUNCTION only_ever_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME; END $$;
CREATE TRIGGER entries_keep BEFORE UPDATE OR DELETE ON entries
  FOR EACH ROW EXECUTE FUNCTION only_ever_added();
CREATE TRIGGER postings_keep BEFORE UPDATE OR DELETE ON postings
  FOR EACH ROW EXECUTE FUNCTION only_ever_added();
CREATE TRIGGER audit_keep BEFORE UPDATE OR DELETE ON audit
  FOR EACH ROW EXECUTE FUNCTION only_ever_added();
CREATE TRIGGER entries_stay BEFORE TRUNCATE ON entries
  FOR EACH STATEMENT EXECUTE FUNCTION only_ever_added();
CREATE TRIGGER postings_stay BEFORE TRUNCATE ON postings
  FOR EACH STATEMENT EXECUTE FUNCTION only_ever_added();
CREATE TRIGGER audit_stay BEFORE TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION only_ever_added();

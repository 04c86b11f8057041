-- Fails a statement whose row somebody else has written since it was read, as PostgreSQL itself fails where it cannot put two
-- transactions in an order (40001): whoever asked tries again.
create function write_conflict() returns text language plpgsql as $$
begin
  raise exception using errcode = 'serialization_failure', message = 'A record was written by somebody else meanwhile.';
end $$;

-- What is kept of security is there for a year, whoever has the role that serves: it may add to it and read it, and have forgotten what
-- is older (src/db/roles.ts). By the database's own clock, so that no other one that is wrong empties it.
create function forget_security_events() returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  delete from public.security_event where at < now() - interval '366 days'
$$;
revoke execute on function forget_security_events() from public;

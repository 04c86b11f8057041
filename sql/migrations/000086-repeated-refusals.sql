-- A refusal that is repeated within a minute stands in the security log once, and says how often it was repeated. Whoever has the role that
-- serves changes nothing else of what is kept (src/db/roles.ts): the count goes up, of refusals alone.
alter table security_event add column repeats int not null default 0;
create function repeat_security_event(of_agency text, event_id uuid, times int) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update public.security_event set repeats = times
  where agency_id = of_agency and id = event_id and outcome = 'refused' and repeats < times
$$;
revoke execute on function repeat_security_event(text, uuid, int) from public;

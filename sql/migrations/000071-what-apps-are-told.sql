-- The object scopes that the token which subscribed was narrowed to; null: those of its app, whatever they are.
alter table journal_subscription add column scopes text[];

-- Locations that an app was taken out of, though it would be there with their agency: as its own, or because it is installed in
-- all of it. Until somebody lets it in again.
create table app_absence (
  app_id text not null,
  agency_id text not null,
  location_id text not null,
  since timestamptz not null,
  primary key (app_id, location_id)
);

create function tell_app_life(app text, agency text, location text, who text, act text) returns void language sql as $$
  insert into journal_inbox (location_id, event)
  select '', jsonb_strip_nulls(jsonb_build_object('appId', app, 'agencyId', agency, 'locationId', location, 'userId', who,
    'action', act))
  where exists (select 1 from journal_subscription s where s.location_id = '' and s.app_id = app)
    or exists (select 1 from webhook_endpoint e where e.app_id = app and e.off is null);
$$;

create or replace function tell_of_install() returns trigger language plpgsql as $$
declare
  install app_install := case when tg_op = 'DELETE' then old else new end;
begin
  perform tell_app_life(install.app_id, install.agency_id, install.location_id, install.user_id,
    case when tg_op = 'DELETE' then 'APP_UNINSTALL' else 'APP_INSTALL' end);
  return null;
end $$;

-- Where it is also installed in the location itself, that is told by the install.
create function tell_of_absence() returns trigger language plpgsql as $$
declare
  absence app_absence := case when tg_op = 'DELETE' then old else new end;
begin
  if not exists (select 1 from app_install i where i.app_id = absence.app_id and i.agency_id = absence.agency_id
      and i.location_id = absence.location_id)
    -- It comes back by being installed in the agency anew, which is told of all its locations.
    and (tg_op = 'INSERT' or exists (select 1 from app_install i where i.app_id = absence.app_id
      and i.agency_id = absence.agency_id and i.location_id = ''))
  then
    perform tell_app_life(absence.app_id, absence.agency_id, absence.location_id, null,
      case when tg_op = 'DELETE' then 'APP_INSTALL' else 'APP_UNINSTALL' end);
  end if;
  return null;
end $$;
create trigger app_absence_to_journal after insert or delete on app_absence
  for each row execute function tell_of_absence();

create or replace function tell_of_app() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    delete from journal_filter where app_id = old.id;
    delete from journal_subscription where app_id = old.id;
    delete from journal_consumer where app_id = old.id;
    perform remove_webhooks('', old.id);
  -- Where it is installed as well, the end of that is told.
  elsif new.withdrawn_at is not null and old.withdrawn_at is null and not exists (select 1 from app_install i
      where i.app_id = new.id and i.agency_id = new.agency_id and i.location_id = '') then
    perform tell_app_life(new.id, new.agency_id, '', null, 'APP_UNINSTALL');
  end if;
  return null;
end $$;

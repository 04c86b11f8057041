-- People stand under their agency. What changes of them is told in each of its portals that listens to users; whether
-- they work there is asked when it is told.
alter table journal_inbox add column stands_under text;

create or replace function fill_journal_inbox() returns trigger language plpgsql as $$
begin
  insert into journal_inbox (location_id, change_id)
  select a.location_id, a.id from added a
  where exists (select 1 from journal_subscription s where s.location_id = a.location_id)
  order by a.id;
  if exists (select 1 from added where kind = 'users') then
    insert into journal_inbox (location_id, change_id, stands_under)
    select l.id, a.id, a.location_id from added a join location l on l.agency_id = a.location_id
    where a.kind = 'users'
      and exists (select 1 from journal_subscription s where s.location_id = l.id and s.object_type_id = '0-115')
    order by a.id, l.id;
  end if;
  return null;
end $$;

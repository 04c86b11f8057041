-- Who is to be forgotten (HubSpot's gdpr-delete) goes out of the change log, too, which is otherwise only added to: the role that serves
-- may not change it (src/db/roles.ts). What happened, when and by whom stays; what anything was does not.
create function forget_changes(at_location text, of_kind text, ids text[]) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update public.change set delta = '{}'
  where location_id = at_location and kind = of_kind and entity_id = any(ids) and delta <> '{}'
$$;
revoke execute on function forget_changes(text, text, text[]) from public;

-- Clients page through a search by counting what they have seen; what is changed meanwhile goes to the end, and everything behind it
-- would move up by one, past the reader. So it is remembered behind which record each page ended (src/operations/crm/search-walks.ts).
-- An hour is enough: what is lost here costs a repeated page at worst.
create unlogged table search_walk (
  location_id text not null,
  walk text not null,
  after int not null,
  cursor jsonb not null,
  at timestamptz not null,
  primary key (location_id, walk, after)
);

-- CRM data: contacts, tasks, conversations ... One row per record; a deleted one stays, so that its history can be read.
-- `terms` holds what records are found by: words of their texts and exact values, each led by its location, so that one
-- index serves every tenant and every kind (src/store/record-terms.ts).
create table record (
  location_id text not null,
  kind text not null,
  id text not null,
  object_id bigint not null,          -- the id on the HubSpot wire: random, below 2^53
  doc jsonb not null,
  terms tsvector not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,    -- grows with every write, even of two in one millisecond
  deleted_at timestamptz,
  primary key (location_id, kind, id),
  unique (location_id, kind, object_id)
) partition by list (kind);
create table record_contacts partition of record for values in ('contacts');
create table record_opportunities partition of record for values in ('opportunities');
create table record_appointments partition of record for values in ('appointments');
create table record_conversations partition of record for values in ('conversations');
create table record_messages partition of record for values in ('messages');
create table record_default partition of record default;

create index record_by_creation on record (location_id, kind, created_at, id) where deleted_at is null;
create index record_by_update on record (location_id, kind, updated_at, id) where deleted_at is null;
create index record_by_contact on record (location_id, kind, (doc->>'contactId'), created_at, id) where deleted_at is null and doc->>'contactId' is not null;
create index record_by_terms on record using gin (terms) where deleted_at is null;

-- Who is this? Asked before every contact that is written.
create index record_contacts_by_email on record_contacts (location_id, lower(doc->>'email')) where deleted_at is null and doc->>'email' is not null;
create index record_contacts_by_phone on record_contacts (location_id, (doc->>'phone')) where deleted_at is null and doc->>'phone' is not null;

-- Admins become people with roles, their sessions become rows, and there are links that somebody is sent once.
alter table admin rename to person;
alter index admin_pkey rename to person_pkey;
alter index admin_by_email rename to person_by_email;
alter index admin_by_agency rename to person_by_agency;

alter table person
  add column role text not null default 'admin',
  add column location_ids text[],     -- a client's: the only ones that there are for them; null: all of the agency
  alter column password drop not null, -- null: invited, and not there yet
  add column totp_secret text,        -- sealed (auth/vault.ts); null: no second factor
  add column totp_confirmed_at timestamptz, -- null: enrolled, and not asked for yet
  add column totp_step bigint,        -- the last one that was taken: a code works once
  add constraint person_role check (role in ('owner', 'admin', 'operator', 'viewer', 'client')),
  add constraint person_locations check ((role = 'client') = (location_ids is not null));
update person set role = 'owner'
  where id in (select distinct on (agency_id) id from person order by agency_id, created_at, id);
alter table person alter column role drop default;

create table session (
  hash bytea primary key,             -- SHA-256 of the 256 random bits in the cookie
  id uuid not null,                   -- by which its person may end it
  person_id text not null,
  created_at timestamptz not null,
  seen_at timestamptz not null,       -- within minutes
  address text not null,
  agent text not null                 -- what the browser says of itself
);
create index session_by_person on session (person_id, created_at);
create index session_by_age on session (created_at);

-- Codes for the day the second factor is lost: each works once.
create table recovery_code (
  person_id text not null,
  hash bytea not null,                -- SHA-256 of 80 random bits
  primary key (person_id, hash)
);

-- Links that work once: to accept an invitation, to set a new password, to sign in; and the code of the set-up page.
create table person_link (
  hash bytea primary key,             -- SHA-256 of 256 random bits
  person_id text,                     -- null: of the set-up page, when nobody is there yet
  purpose text not null check (purpose in ('invitation', 'reset', 'sign-in', 'set-up')),
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index person_link_by_person on person_link (person_id);
create index person_link_by_age on person_link (expires_at);

-- Callers are no longer known by UUIDs alone.
alter table idempotency alter column token_id type text;

-- Sessions are no longer in it.
alter table ended_session rename to ended_token;
alter index ended_session_pkey rename to ended_token_pkey;
alter index ended_session_by_end rename to ended_token_by_end;

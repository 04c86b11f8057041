-- People who sign in to allow apps; the apps; what they were allowed; and the tokens that follow from it.
create table admin (
  id text primary key,                -- userId on the HighLevel wire
  agency_id text not null,
  email text not null,
  name text not null,
  password text not null,             -- scrypt$N$r$p$salt$hash
  created_at timestamptz not null
);
create unique index admin_by_email on admin (lower(email));
create index admin_by_agency on admin (agency_id, created_at);

create table app (
  id text primary key,                -- the part of the client id before its dash
  client_id text not null unique,
  secret_hash bytea not null,         -- SHA-256 of 256 random bits; the secret itself is shown once and not kept
  agency_id text not null,            -- whose app it is
  name text not null,
  scopes text[] not null,             -- the most it can ask for
  redirect_uris text[] not null,
  loopback boolean not null,          -- under development: codes may go to any address of the own machine
  created_at timestamptz not null
);
create index app_by_agency on app (agency_id, created_at);

-- Where an app is installed: in one location, or (location_id '') in the agency and all its locations.
create table app_install (
  app_id text not null,
  agency_id text not null,
  location_id text not null,
  user_id text not null,              -- who allowed it
  scopes text[] not null,
  future_locations boolean not null,  -- locations made later are included
  installed_at timestamptz not null,
  primary key (app_id, agency_id, location_id)
);

-- One allowance: every token that follows from it ends with it.
create table oauth_grant (
  id uuid primary key,
  app_id text not null,
  agency_id text not null,
  location_id text,                   -- null: speaks for the agency
  user_id text not null,
  scopes text[] not null,
  parent_id uuid,                     -- the agency's grant that a location token was made from
  created_at timestamptz not null,
  revoked_at timestamptz
);
create index oauth_grant_by_install on oauth_grant (app_id, agency_id, location_id);

create table oauth_code (
  hash bytea primary key,
  app_id text not null,
  agency_id text not null,
  location_id text,
  user_id text not null,
  scopes text[] not null,
  redirect_uri text not null,
  challenge text,                     -- PKCE, S256
  expires_at timestamptz not null,
  grant_id uuid                       -- set when the code was exchanged
);
create index oauth_code_by_age on oauth_code (expires_at);

-- A refresh token is replaced at each use. The next one is derived from it, so it can be told again without being kept.
create table oauth_refresh (
  hash bytea primary key,
  grant_id uuid not null,
  access_id uuid not null,            -- jti of the access token made with it
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index oauth_refresh_by_grant on oauth_refresh (grant_id);
create index oauth_refresh_by_age on oauth_refresh (expires_at);

-- Signs access tokens and sessions. Made here, once, so that all processes of one installation share it.
create table signing_key (
  id integer primary key,
  secret bytea not null,
  created_at timestamptz not null default now()
);
insert into signing_key (id, secret) values (1, sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')));

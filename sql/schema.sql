-- The schema that sql/migrations lead to. Generated: npm run generate

create table admin (
  id text not null,
  agency_id text not null,
  email text not null,
  name text not null,
  password text not null,
  created_at timestamp with time zone not null,
  PRIMARY KEY (id)
);
CREATE INDEX admin_by_agency ON admin USING btree (agency_id, created_at);
CREATE UNIQUE INDEX admin_by_email ON admin USING btree (lower(email));

create table agency (
  id text not null,
  name text not null,
  relationship_number text not null,
  created_at timestamp with time zone not null default now(),
  PRIMARY KEY (id),
  UNIQUE (relationship_number)
);

create table app (
  id text not null,
  client_id text not null,
  secret_hash bytea,
  agency_id text not null,
  name text not null,
  scopes text[] not null,
  redirect_uris text[] not null,
  loopback boolean not null,
  created_at timestamp with time zone not null,
  withdrawn_at timestamp with time zone,
  PRIMARY KEY (id),
  UNIQUE (client_id)
);
CREATE INDEX app_by_agency ON app USING btree (agency_id, created_at);

create table app_install (
  app_id text not null,
  agency_id text not null,
  location_id text not null,
  user_id text not null,
  scopes text[] not null,
  future_locations boolean not null,
  installed_at timestamp with time zone not null,
  PRIMARY KEY (app_id, agency_id, location_id)
);

create table asset (
  location_id text not null,
  kind text not null,
  id text not null,
  lineage text not null,
  name text not null,
  key text,
  hash bytea not null,
  base_hash bytea,
  local jsonb not null default '{}'::jsonb,
  source_push text,
  drift_push text generated always as (
CASE
    WHEN (hash <> base_hash) THEN source_push
    ELSE NULL::text
END) stored,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  unique_key text,
  part_aliases jsonb,
  PRIMARY KEY (location_id, kind, id),
  UNIQUE (location_id, kind, lineage),
  EXCLUDE USING btree (location_id WITH =, kind WITH =, unique_key WITH =) WHERE ((unique_key IS NOT NULL)) DEFERRABLE
);
CREATE INDEX asset_drift_by_location ON asset USING btree (location_id, kind) WHERE (drift_push IS NOT NULL);
CREATE INDEX asset_drift_by_push ON asset USING btree (drift_push, location_id) WHERE (drift_push IS NOT NULL);
CREATE INDEX asset_with_part_aliases ON asset USING btree (location_id) WHERE (part_aliases IS NOT NULL);

create table asset_alias (
  location_id text not null,
  kind text not null,
  lineage text not null,
  id text not null,
  created_at timestamp with time zone not null default now(),
  base_hash bytea,
  source_push text,
  hash bytea,
  part_aliases jsonb,
  drift_push text generated always as (
CASE
    WHEN (hash <> base_hash) THEN source_push
    ELSE NULL::text
END) stored,
  PRIMARY KEY (location_id, kind, lineage)
);
CREATE INDEX asset_alias_by_id ON asset_alias USING btree (location_id, kind, id);
CREATE INDEX asset_alias_drift_by_location ON asset_alias USING btree (location_id, kind) WHERE (drift_push IS NOT NULL);
CREATE INDEX asset_alias_drift_by_push ON asset_alias USING btree (drift_push, location_id) WHERE (drift_push IS NOT NULL);
CREATE INDEX asset_alias_with_parts ON asset_alias USING btree (location_id) WHERE (part_aliases IS NOT NULL);

create table asset_tombstone (
  location_id text not null,
  kind text not null,
  lineage text not null,
  id text not null,
  name text not null,
  base_hash bytea,
  source_push text,
  deleted_at timestamp with time zone not null,
  own_lineage text,
  local jsonb,
  part_aliases jsonb,
  PRIMARY KEY (location_id, kind, lineage)
);
CREATE INDEX asset_tombstone_by_id ON asset_tombstone USING btree (location_id, kind, id);
CREATE INDEX asset_tombstone_by_push ON asset_tombstone USING btree (source_push, location_id);

create table blob (
  hash bytea not null,
  doc jsonb not null,
  refs text[] not null,
  parts text[] not null,
  PRIMARY KEY (hash)
);

create table change (
  location_id text not null,
  id uuid not null,
  kind text not null,
  entity_id text not null,
  op text not null,
  delta jsonb,
  before_hash bytea,
  after_hash bytea,
  actor text not null,
  cause text,
  at timestamp with time zone not null,
  PRIMARY KEY (location_id, id)
) partition by RANGE (id);
CREATE INDEX change_by_entity ON ONLY change USING btree (location_id, kind, entity_id, id);

create table change_default partition of change DEFAULT;

create table conflict (
  location_id text not null,
  snapshot_id text not null,
  kind text not null,
  lineage text not null,
  version integer not null,
  push_id text not null,
  name text not null,
  fields jsonb not null,
  reason text,
  opened_at timestamp with time zone not null,
  candidates jsonb,
  PRIMARY KEY (location_id, snapshot_id, kind, lineage)
);
CREATE INDEX conflict_by_snapshot ON conflict USING btree (snapshot_id, location_id, kind, lineage);

create table conflict_change (
  location_id text not null,
  push_id text not null,
  snapshot_id text not null,
  kind text not null,
  lineage text not null,
  at timestamp with time zone not null,
  before jsonb,
  after jsonb,
  PRIMARY KEY (location_id, push_id, snapshot_id, kind, lineage)
);
CREATE INDEX conflict_change_by_asset ON conflict_change USING btree (snapshot_id, location_id, kind, lineage);

create table ended_session (
  id text not null,
  ends_at timestamp with time zone not null,
  PRIMARY KEY (id)
);
CREATE INDEX ended_session_by_end ON ended_session USING btree (ends_at);

create table file_chunk (
  location_id text not null,
  file_id text not null,
  "position" integer not null,
  data bytea not null,
  PRIMARY KEY (location_id, file_id, "position")
);

create table idempotency (
  token_id uuid not null,
  key text not null,
  operation text not null,
  request_hash bytea not null,
  status integer,
  body jsonb,
  created_at timestamp with time zone not null default now(),
  PRIMARY KEY (token_id, key)
);
CREATE INDEX idempotency_by_age ON idempotency USING btree (created_at);

create table location (
  id text not null,
  agency_id text not null,
  portal_id bigint not null,
  name text not null,
  timezone text not null,
  doc jsonb not null,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  deleted_at timestamp with time zone,
  PRIMARY KEY (id),
  UNIQUE (portal_id)
);
CREATE INDEX location_by_agency ON location USING btree (agency_id, id) WHERE (deleted_at IS NULL);

create table location_applied (
  location_id text not null,
  snapshot_id text not null,
  version integer not null,
  push_id text not null,
  PRIMARY KEY (location_id)
);

create table migration (
  name text not null,
  hash text not null,
  applied_at timestamp with time zone not null default now(),
  PRIMARY KEY (name)
);

create table oauth_code (
  hash bytea not null,
  app_id text not null,
  agency_id text not null,
  location_id text,
  user_id text not null,
  scopes text[] not null,
  redirect_uri text not null,
  challenge text,
  expires_at timestamp with time zone not null,
  grant_id uuid,
  PRIMARY KEY (hash)
);
CREATE INDEX oauth_code_by_age ON oauth_code USING btree (expires_at);

create table oauth_grant (
  id uuid not null,
  app_id text not null,
  agency_id text not null,
  location_id text,
  user_id text not null,
  scopes text[] not null,
  parent_id uuid,
  created_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  own boolean not null default false,
  PRIMARY KEY (id)
);
CREATE INDEX oauth_grant_by_install ON oauth_grant USING btree (app_id, agency_id, location_id);

create table oauth_refresh (
  hash bytea not null,
  grant_id uuid not null,
  access_id uuid not null,
  issued_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  PRIMARY KEY (hash)
);
CREATE INDEX oauth_refresh_by_age ON oauth_refresh USING btree (expires_at);
CREATE INDEX oauth_refresh_by_grant ON oauth_refresh USING btree (grant_id);

create table push (
  id text not null,
  agency_id text not null,
  snapshot_id text not null,
  version integer not null,
  reverts text,
  options jsonb not null,
  kinds text[] not null,
  state text not null,
  actor text not null,
  created_at timestamp with time zone not null,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  PRIMARY KEY (id)
);
CREATE INDEX push_by_agency ON push USING btree (agency_id, created_at DESC, id DESC);
CREATE INDEX push_by_agency_state ON push USING btree (agency_id, state, created_at DESC, id DESC);
CREATE INDEX push_by_snapshot ON push USING btree (snapshot_id, created_at DESC, id DESC);

create table push_outcome (
  location_id text not null,
  push_id text not null,
  kind text not null,
  lineage text not null,
  id text,
  name text not null,
  outcome text not null,
  reason text,
  detail jsonb,
  PRIMARY KEY (location_id, push_id, kind, lineage)
);

create table push_piece (
  push_id text not null,
  batch integer not null,
  step text not null,
  totals jsonb not null,
  finished_at timestamp with time zone not null,
  PRIMARY KEY (push_id, batch, step)
);

create table push_progress (
  push_id text not null,
  batch integer not null,
  completed text[] not null,
  PRIMARY KEY (push_id, batch)
);

create table push_target (
  location_id text not null,
  push_id text not null,
  id text not null,
  batch integer not null,
  from_version integer,
  state text not null,
  completed text[] not null default '{}'::text[],
  failed text[] not null default '{}'::text[],
  totals jsonb not null default '{}'::jsonb,
  error text,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  plan_digest text,
  PRIMARY KEY (location_id, push_id)
);
CREATE INDEX push_target_by_push ON push_target USING btree (push_id, batch, location_id);
CREATE INDEX push_target_by_state ON push_target USING btree (push_id, state, location_id);

create table rate_count (
  name text not null,
  interval_started_ms bigint not null,
  interval_count bigint not null,
  day_started_ms bigint not null,
  day_count bigint not null,
  PRIMARY KEY (name)
);

create table record (
  location_id text not null,
  kind text not null,
  id text not null,
  object_id bigint not null,
  doc jsonb not null,
  terms tsvector not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  PRIMARY KEY (location_id, kind, id),
  UNIQUE (location_id, kind, object_id)
) partition by LIST (kind);
CREATE INDEX record_by_contact ON ONLY record USING btree (location_id, kind, ((doc ->> 'contactId'::text)), created_at, id) WHERE ((deleted_at IS NULL) AND ((doc ->> 'contactId'::text) IS NOT NULL));
CREATE INDEX record_by_creation ON ONLY record USING btree (location_id, kind, created_at, id) WHERE (deleted_at IS NULL);
CREATE INDEX record_by_terms ON ONLY record USING gin (terms) WHERE (deleted_at IS NULL);
CREATE INDEX record_by_update ON ONLY record USING btree (location_id, kind, updated_at, id) WHERE (deleted_at IS NULL);

create table record_appointments partition of record FOR VALUES IN ('appointments');
CREATE INDEX record_appointments_by_start ON record_appointments USING btree (location_id, ((doc ->> 'startTime'::text)) COLLATE "C") WHERE (deleted_at IS NULL);

create table record_contacts partition of record FOR VALUES IN ('contacts');
CREATE INDEX record_contacts_by_additional_email ON record_contacts USING gin (((lower((doc ->> 'additionalEmails'::text)))::jsonb)) WITH (fastupdate=off) WHERE (((doc -> 'additionalEmails'::text) IS NOT NULL) AND (deleted_at IS NULL));
CREATE INDEX record_contacts_by_additional_phone ON record_contacts USING gin (((doc -> 'additionalPhones'::text))) WITH (fastupdate=off) WHERE (((doc -> 'additionalPhones'::text) IS NOT NULL) AND (deleted_at IS NULL));
CREATE INDEX record_contacts_by_email ON record_contacts USING btree (location_id, lower((doc ->> 'email'::text)));
CREATE INDEX record_contacts_by_phone ON record_contacts USING btree (location_id, ((doc ->> 'phone'::text)));

create table record_conversations partition of record FOR VALUES IN ('conversations');
CREATE INDEX record_conversations_by_last_message ON record_conversations USING btree (location_id, kind, ((doc ->> 'lastMessageDate'::text)) COLLATE "C", id) WHERE (deleted_at IS NULL);

create table record_default partition of record DEFAULT;
CREATE INDEX record_blocked_slots_by_start ON record_default USING btree (location_id, ((doc ->> 'startTime'::text)) COLLATE "C") WHERE ((deleted_at IS NULL) AND (kind = 'blocked_slots'::text));

create table record_messages partition of record FOR VALUES IN ('messages');

create table record_opportunities partition of record FOR VALUES IN ('opportunities');

create table record_count (
  location_id text not null,
  kind text not null,
  term text not null,
  n bigint not null,
  PRIMARY KEY (location_id, kind, term)
);

create table record_count_change (
  location_id text not null,
  kind text not null,
  id uuid not null,
  counts jsonb not null,
  PRIMARY KEY (location_id, kind, id)
);

create table share (
  id text not null,
  agency_id text not null,
  snapshot_id text not null,
  share_type text not null,
  relationship_numbers text[],
  location_ids text[],
  used_at timestamp with time zone,
  used_by text,
  revoked_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  PRIMARY KEY (id),
  CHECK ((share_type = ANY (ARRAY['link'::text, 'permanent_link'::text, 'agency_link'::text, 'location_link'::text])))
);
CREATE INDEX share_by_agency ON share USING btree (agency_id, created_at);

create table sign_in_try (
  key bytea not null,
  started_at timestamp with time zone not null,
  count integer not null,
  PRIMARY KEY (key)
);
CREATE INDEX sign_in_try_by_age ON sign_in_try USING btree (started_at);

create table signing_key (
  id integer not null,
  secret bytea,
  created_at timestamp with time zone not null default now(),
  sealed text,
  retired_at timestamp with time zone,
  PRIMARY KEY (id)
);

create table snapshot (
  id text not null,
  agency_id text not null,
  name text not null,
  type text not null,
  source_location_id text,
  selection jsonb not null,
  version integer not null,
  origin jsonb,
  only_locations text[],
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  PRIMARY KEY (id),
  CHECK ((type = ANY (ARRAY['own'::text, 'imported'::text])))
);
CREATE INDEX snapshot_by_agency ON snapshot USING btree (agency_id, created_at);

create table snapshot_entry (
  snapshot_id text not null,
  version integer not null,
  kind text not null,
  lineage text not null,
  name text not null,
  key text,
  hash bytea not null,
  dependency boolean not null,
  PRIMARY KEY (snapshot_id, version, kind, lineage)
);

create table snapshot_version (
  snapshot_id text not null,
  version integer not null,
  root bytea not null,
  counts jsonb not null,
  created_at timestamp with time zone not null default now(),
  name text,
  note text,
  PRIMARY KEY (snapshot_id, version)
);

create table token (
  id uuid not null,
  hash bytea not null,
  agency_id text not null,
  location_id text,
  name text not null,
  scopes text[] not null,
  unlimited boolean not null default false,
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  PRIMARY KEY (id),
  UNIQUE (hash)
);
CREATE INDEX token_by_agency ON token USING btree (agency_id, created_at);

create table worker (
  id text not null,
  seen_at timestamp with time zone not null,
  PRIMARY KEY (id)
);

CREATE OR REPLACE FUNCTION derive_hex(location_id text, kind text, lineage text, digits integer)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN "left"(encode(sha256(convert_to(((((location_id || '/'::text) || kind) || '/'::text) || lineage), 'UTF8'::name)), 'hex'::text), digits);

CREATE OR REPLACE FUNCTION derive_id(location_id text, kind text, lineage text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN translate(encode(SUBSTRING(sha256(convert_to(((((location_id || '/'::text) || kind) || '/'::text) || lineage), 'UTF8'::name)) FROM 1 FOR 15), 'base64'::text), '+/'::text, 'xz'::text);

CREATE OR REPLACE FUNCTION make_change_partition(month date)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  part text := 'change_' || to_char(month, 'YYYY_MM');
  first uuid := (lpad(to_hex((extract(epoch from month::timestamp) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid;
  beyond uuid := (lpad(to_hex((extract(epoch from (month + interval '1 month')::timestamp) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid;
begin
  if extract(day from month) <> 1 or extract(year from month) not between 2000 and 2200 then
    raise exception using errcode = 'invalid_parameter_value', message = 'A partition of the change log is a month.';
  end if;
  -- Any number, as long as nobody else takes it: one at a time.
  perform pg_advisory_xact_lock(7468019);
  if to_regclass('public.' || part) is not null then return; end if;
  -- Nothing may come into the default partition between the look and the new partition.
  lock table change_default in access exclusive mode;
  if not exists (select 1 from change_default where id >= first and id < beyond) then
    execute format('create table %I partition of change for values from (%L) to (%L)', part, first, beyond);
    return;
  end if;
  execute format('create table %I (like change including all)', part);
  execute format('with moved as (delete from change_default where id >= %L and id < %L returning *) insert into %I select * from moved', first, beyond, part);
  execute format('alter table change attach partition %I for values from (%L) to (%L)', part, first, beyond);
end $function$;

CREATE OR REPLACE FUNCTION natural_key(name text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select left(btrim(regexp_replace(lower(normalize(regexp_replace(name,
    '[\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFF8\U0001BCA0-\U0001BCA3\U0001D173-\U0001D17A\U000E0000-\U000E001F\U000E0080-\U000E0FFF]',
    '', 'g'), NFKC)), '[\s\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+', ' ', 'g')), 500) $function$;

CREATE OR REPLACE FUNCTION write_conflict()
 RETURNS text
 LANGUAGE plpgsql
AS $function$
begin
  raise exception using errcode = 'serialization_failure', message = 'A record was written by somebody else meanwhile.';
end $function$;

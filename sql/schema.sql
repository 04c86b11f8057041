-- The schema that sql/migrations lead to. Generated: npm run generate

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
  hubspot_id bigint not null,
  PRIMARY KEY (id),
  UNIQUE (client_id),
  UNIQUE (hubspot_id)
);
CREATE INDEX app_by_agency ON app USING btree (agency_id, created_at);

create table app_absence (
  app_id text not null,
  agency_id text not null,
  location_id text not null,
  since timestamp with time zone not null,
  PRIMARY KEY (app_id, location_id)
);

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

create table broken_count (
  location_id text not null,
  broken integer,
  written_by bigint not null,
  is_due boolean not null,
  PRIMARY KEY (location_id)
);
CREATE INDEX broken_count_due ON broken_count USING btree (written_by) WHERE is_due;

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

create table connection (
  location_id text not null,
  id text not null,
  agency_id text not null,
  name text not null,
  way text not null,
  state text not null,
  state_reason text,
  version integer not null,
  live_version integer,
  mail_hash text,
  scopes text[] not null,
  settings jsonb not null,
  recent_done integer not null default 0,
  recent_failed integer not null default 0,
  failing_since timestamp with time zone,
  told_at timestamp with time zone,
  last_error text,
  last_at timestamp with time zone,
  cursor jsonb,
  poll_at timestamp with time zone,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  known jsonb,
  authorised jsonb,
  PRIMARY KEY (location_id, id),
  CHECK ((state = ANY (ARRAY['draft'::text, 'test'::text, 'live'::text, 'paused'::text, 'needs_authorisation'::text]))),
  CHECK ((way = ANY (ARRAY['hook'::text, 'file'::text, 'mail'::text, 'poll'::text])))
);
CREATE INDEX connection_by_agency ON connection USING btree (agency_id, location_id);
CREATE INDEX connection_by_id ON connection USING btree (id);
CREATE UNIQUE INDEX connection_by_mail ON connection USING btree (mail_hash) WHERE (mail_hash IS NOT NULL);
CREATE INDEX connection_by_poll ON connection USING btree (poll_at) WHERE ((way = 'poll'::text) AND (state = 'live'::text));

create table connection_arrival (
  location_id text not null,
  connection_id text not null,
  id uuid not null,
  seq bigint not null generated always as identity,
  message text,
  headers jsonb not null,
  body bytea not null,
  state text not null,
  error text,
  run_id text,
  received_at timestamp with time zone not null,
  PRIMARY KEY (location_id, id),
  CHECK ((state = ANY (ARRAY['waiting'::text, 'done'::text, 'failed'::text, 'sample'::text])))
);
CREATE UNIQUE INDEX connection_arrival_message ON connection_arrival USING btree (location_id, connection_id, message) WHERE (message IS NOT NULL);
CREATE INDEX connection_arrival_of ON connection_arrival USING btree (location_id, connection_id, state, seq);

create table connection_authorisation (
  location_id text not null,
  connection_id text not null,
  hash text not null,
  session_id text not null,
  redirect_uri text not null,
  sealed text not null,
  ends_at timestamp with time zone not null,
  used_at timestamp with time zone,
  PRIMARY KEY (location_id, connection_id, hash)
);
CREATE INDEX connection_authorisation_by_age ON connection_authorisation USING btree (ends_at);

create table connection_link (
  location_id text not null,
  connection_id text not null,
  external_id text not null,
  kind text not null,
  record_id text not null,
  hash text,
  synced jsonb not null,
  at timestamp with time zone not null,
  PRIMARY KEY (location_id, external_id, connection_id)
);
CREATE INDEX connection_link_of_record ON connection_link USING btree (location_id, record_id);

create table connection_row (
  location_id text not null,
  connection_id text not null,
  run_id text not null,
  id uuid not null,
  seq bigint not null generated always as identity,
  arrival_id uuid,
  place integer not null,
  item jsonb,
  external_id text,
  state text not null,
  reason text,
  problems jsonb,
  kept jsonb,
  mapped jsonb,
  kind text,
  record_id text,
  delta jsonb,
  replay_of uuid,
  tries integer not null default 0,
  due_at timestamp with time zone,
  at timestamp with time zone not null,
  PRIMARY KEY (location_id, run_id, id),
  CHECK ((state = ANY (ARRAY['waiting'::text, 'created'::text, 'updated'::text, 'unchanged'::text, 'skipped'::text, 'failed'::text, 'replayed'::text, 'discarded'::text, 'reverted'::text, 'kept'::text])))
);
CREATE INDEX connection_row_failed ON connection_row USING btree (location_id, connection_id, seq) WHERE (state = 'failed'::text);
CREATE INDEX connection_row_of_record ON connection_row USING btree (location_id, run_id, record_id) WHERE (record_id IS NOT NULL);
CREATE INDEX connection_row_of_run ON connection_row USING btree (location_id, run_id, seq);
CREATE INDEX connection_row_tried ON connection_row USING btree (location_id, connection_id, external_id) WHERE ((state = 'waiting'::text) AND (tries > 0));
CREATE INDEX connection_row_waiting ON connection_row USING btree (location_id, connection_id, seq) WHERE ((state = 'waiting'::text) AND (due_at IS NOT NULL));

create table connection_run (
  location_id text not null,
  id text not null,
  connection_id text not null,
  kind text not null,
  is_dry boolean not null,
  version integer not null,
  state text not null,
  error text,
  total integer,
  created integer not null default 0,
  updated integer not null default 0,
  unchanged integer not null default 0,
  skipped integer not null default 0,
  failed integer not null default 0,
  source jsonb not null,
  actor text not null,
  undone_by text,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  PRIMARY KEY (location_id, id),
  CHECK ((kind = ANY (ARRAY['hook'::text, 'file'::text, 'mail'::text, 'poll'::text, 'replay'::text, 'undo'::text]))),
  CHECK ((state = ANY (ARRAY['reading'::text, 'running'::text, 'open'::text, 'done'::text, 'failed'::text, 'undone'::text])))
);
CREATE INDEX connection_run_by_age ON connection_run USING btree (started_at);
CREATE INDEX connection_run_of ON connection_run USING btree (location_id, connection_id, started_at DESC, id);

create table connection_secret (
  location_id text not null,
  connection_id text not null,
  name text not null,
  id text not null,
  sealed text not null,
  created_at timestamp with time zone not null,
  PRIMARY KEY (location_id, connection_id, name)
);

create table connection_seen (
  location_id text not null,
  connection_id text not null,
  hash text not null,
  at timestamp with time zone not null,
  PRIMARY KEY (location_id, connection_id, hash)
);

create table connection_set (
  location_id text not null,
  connection_id text not null,
  run_id text not null,
  seqs bigint[] not null,
  seq bigint not null generated always as (seqs[1]) stored,
  rows text not null,
  PRIMARY KEY (location_id, connection_id, seq)
);

create table connection_version (
  location_id text not null,
  connection_id text not null,
  version integer not null,
  doc jsonb not null,
  author text not null,
  created_at timestamp with time zone not null,
  PRIMARY KEY (location_id, connection_id, version)
);

create table ended_token (
  id text not null,
  ends_at timestamp with time zone not null,
  PRIMARY KEY (id)
);
CREATE INDEX ended_token_by_end ON ended_token USING btree (ends_at);

create table file_chunk (
  location_id text not null,
  file_id text not null,
  "position" integer not null,
  data bytea not null,
  PRIMARY KEY (location_id, file_id, "position")
);

create table idempotency (
  token_id text not null,
  key text not null,
  operation text not null,
  request_hash bytea not null,
  status integer,
  body jsonb,
  created_at timestamp with time zone not null default now(),
  PRIMARY KEY (token_id, key)
);
CREATE INDEX idempotency_by_age ON idempotency USING btree (created_at);

create table journal_consumer (
  app_id text not null,
  location_id text not null,
  name text not null,
  "offset" uuid,
  updated_at timestamp with time zone not null,
  PRIMARY KEY (app_id, location_id, name)
);
CREATE INDEX journal_consumer_by_location ON journal_consumer USING btree (location_id, app_id);

create table journal_filter (
  id bigint not null,
  subscription_id bigint not null,
  app_id text not null,
  conditions jsonb not null,
  since bigint not null,
  created_at timestamp with time zone not null,
  PRIMARY KEY (id)
);
CREATE INDEX journal_filter_by_subscription ON journal_filter USING btree (subscription_id, id);

create table journal_inbox (
  location_id text not null,
  seq bigint not null generated always as identity,
  change_id uuid,
  event jsonb,
  stands_under text,
  PRIMARY KEY (location_id, seq)
);
CREATE INDEX journal_inbox_by_seq ON journal_inbox USING btree (seq);

create table journal_segment (
  app_id text not null,
  "offset" uuid not null,
  body bytea,
  event_count integer not null,
  size_bytes integer not null,
  published_at timestamp with time zone not null,
  PRIMARY KEY (app_id, "offset")
) partition by RANGE ("offset");

create table journal_segment_default partition of journal_segment DEFAULT;

create table journal_segment_location (
  app_id text not null,
  location_id text not null,
  "offset" uuid not null,
  event_count integer not null default 0,
  PRIMARY KEY (app_id, location_id, "offset")
) partition by RANGE ("offset");

create table journal_segment_location_default partition of journal_segment_location DEFAULT;

create table journal_subscription (
  id bigint not null,
  app_id text not null,
  location_id text not null,
  type text not null,
  object_type_id text not null,
  event_type_id text not null,
  actions text[] not null,
  properties text[] not null,
  object_ids text[] not null,
  associated_object_type_ids text[] not null,
  list_ids text[] not null,
  excludes_own boolean not null,
  since bigint not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  scopes text[],
  PRIMARY KEY (id),
  UNIQUE (app_id, location_id, type, object_type_id, event_type_id)
);
CREATE INDEX journal_subscription_by_location ON journal_subscription USING btree (location_id);

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

create table person (
  id text not null,
  agency_id text not null,
  email text not null,
  name text not null,
  password text,
  created_at timestamp with time zone not null,
  role text not null,
  location_ids text[],
  totp_sealed text,
  totp_confirmed_at timestamp with time zone,
  totp_step bigint,
  disabled_at timestamp with time zone,
  PRIMARY KEY (id),
  CHECK (((role = 'client'::text) = (location_ids IS NOT NULL))),
  CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'operator'::text, 'viewer'::text, 'client'::text])))
);
CREATE INDEX person_by_agency ON person USING btree (agency_id, created_at);
CREATE UNIQUE INDEX person_by_email ON person USING btree (lower(email));

create table person_link (
  hash bytea not null,
  person_id text,
  purpose text not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  sealed text,
  PRIMARY KEY (hash),
  CHECK ((purpose = ANY (ARRAY['invitation'::text, 'reset'::text, 'sign-in'::text, 'set-up'::text])))
);
CREATE INDEX person_link_by_age ON person_link USING btree (expires_at);
CREATE INDEX person_link_by_person ON person_link USING btree (person_id);

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
CREATE INDEX push_of_parts ON push USING btree (agency_id, snapshot_id) WHERE ((reverts IS NOT NULL) AND (options ? 'only'::text));

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
CREATE INDEX record_by_external_id ON ONLY record USING btree (kind, ((location_id || ''::text)), ((doc ->> 'externalId'::text))) WHERE ((deleted_at IS NULL) AND ((doc ->> 'externalId'::text) IS NOT NULL));
CREATE INDEX record_by_terms ON ONLY record USING gin (terms) WHERE (deleted_at IS NULL);
CREATE INDEX record_by_update ON ONLY record USING btree (location_id, kind, updated_at, id) WHERE (deleted_at IS NULL);

create table record_appointments partition of record FOR VALUES IN ('appointments');
CREATE INDEX record_appointments_by_start ON record_appointments USING btree (location_id, ((doc ->> 'startTime'::text)) COLLATE "C") WHERE (deleted_at IS NULL);

create table record_contacts partition of record FOR VALUES IN ('contacts');
CREATE INDEX record_contacts_by_additional_email ON record_contacts USING gin (((lower((doc ->> 'additionalEmails'::text)))::jsonb)) WITH (fastupdate=off) WHERE ((doc -> 'additionalEmails'::text) IS NOT NULL);
CREATE INDEX record_contacts_by_additional_phone ON record_contacts USING gin (((doc -> 'additionalPhones'::text))) WITH (fastupdate=off) WHERE ((doc -> 'additionalPhones'::text) IS NOT NULL);
CREATE INDEX record_contacts_by_business ON record_contacts USING btree (location_id, ((doc ->> 'businessId'::text))) WHERE ((deleted_at IS NULL) AND ((doc ->> 'businessId'::text) IS NOT NULL));
CREATE INDEX record_contacts_by_email ON record_contacts USING btree (((location_id || ''::text)), lower((doc ->> 'email'::text)));
CREATE INDEX record_contacts_by_phone ON record_contacts USING btree (((location_id || ''::text)), ((doc ->> 'phone'::text)));

create table record_conversations partition of record FOR VALUES IN ('conversations');
CREATE INDEX record_conversations_by_last_message ON record_conversations USING btree (location_id, kind, ((doc ->> 'lastMessageDate'::text)) COLLATE "C", id) WHERE (deleted_at IS NULL);

create table record_default partition of record DEFAULT;
CREATE INDEX record_blocked_slots_by_start ON record_default USING btree (location_id, ((doc ->> 'startTime'::text)) COLLATE "C") WHERE ((deleted_at IS NULL) AND (kind = 'blocked_slots'::text));

create table record_messages partition of record FOR VALUES IN ('messages');

create table record_object_associations partition of record FOR VALUES IN ('object_associations');
CREATE INDEX record_object_associations_from ON record_object_associations USING btree (location_id, ((doc ->> 'fromId'::text)), ((doc ->> 'toId'::text))) WHERE (deleted_at IS NULL);
CREATE INDEX record_object_associations_to ON record_object_associations USING btree (location_id, ((doc ->> 'toId'::text))) WHERE (deleted_at IS NULL);

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

create table recovery_code (
  person_id text not null,
  hash bytea not null,
  PRIMARY KEY (person_id, hash)
);

create table saved_filter (
  person_id text not null,
  id text not null,
  table_name text not null,
  location_id text not null,
  name text not null,
  filter jsonb not null,
  created_at timestamp with time zone not null,
  PRIMARY KEY (person_id, id),
  UNIQUE (person_id, table_name, location_id, name)
);

create table search_walk (
  location_id text not null,
  walk text not null,
  after integer not null,
  cursor jsonb not null,
  at timestamp with time zone not null,
  PRIMARY KEY (location_id, walk, after)
);

create table security_event (
  agency_id text not null,
  id uuid not null,
  at timestamp with time zone not null,
  event text not null,
  outcome text not null,
  who text,
  who_name text,
  address text not null,
  trace_id text not null,
  status integer,
  detail text,
  about jsonb not null default '[]'::jsonb,
  repeats integer not null default 0,
  PRIMARY KEY (agency_id, id),
  CHECK ((outcome = ANY (ARRAY['done'::text, 'refused'::text])))
);
CREATE INDEX security_event_by_age ON security_event USING btree (at);

create table session (
  hash bytea not null,
  id uuid not null,
  person_id text not null,
  created_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  address text not null,
  agent text not null,
  PRIMARY KEY (hash)
);
CREATE INDEX session_by_age ON session USING btree (created_at);
CREATE INDEX session_by_person ON session USING btree (person_id, created_at);

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

create table snapshot_request (
  id uuid not null,
  app_id text not null,
  state text not null,
  items jsonb,
  item_count integer not null,
  scopes text[],
  initiated_at timestamp with time zone not null,
  started_at timestamp with time zone,
  completed_at timestamp with time zone,
  failures jsonb,
  offsets jsonb,
  location_id text,
  kind text,
  record_ids text[],
  PRIMARY KEY (id)
);
CREATE INDEX snapshot_request_by_age ON snapshot_request USING btree (completed_at) WHERE (completed_at IS NOT NULL);
CREATE INDEX snapshot_request_waiting ON snapshot_request USING btree (initiated_at, id) WHERE (state = ANY (ARRAY['pending'::text, 'in_progress'::text]));

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

create table webhook_delivery (
  location_id text not null,
  id uuid not null,
  seq bigint not null generated always as identity,
  endpoint_id text not null,
  event text not null,
  subject text not null,
  body text not null,
  state text not null,
  due_at timestamp with time zone not null,
  lease uuid,
  tries integer not null,
  attempts jsonb not null,
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  PRIMARY KEY (location_id, id),
  CHECK ((state = ANY (ARRAY['waiting'::text, 'delivered'::text, 'failed'::text])))
);
CREATE INDEX webhook_delivery_by_age ON webhook_delivery USING btree (created_at);
CREATE INDEX webhook_delivery_due ON webhook_delivery USING btree (location_id, endpoint_id, due_at, seq) WHERE (state = 'waiting'::text);
CREATE INDEX webhook_delivery_failed ON webhook_delivery USING btree (location_id, endpoint_id, id) WHERE (state = 'failed'::text);
CREATE INDEX webhook_delivery_of_endpoint ON webhook_delivery USING btree (location_id, endpoint_id, id);
CREATE INDEX webhook_delivery_of_record ON webhook_delivery USING btree (location_id, endpoint_id, subject, seq) WHERE (state = 'waiting'::text);

create table webhook_endpoint (
  location_id text not null,
  id text not null,
  app_id text,
  agency_id text not null,
  name text not null,
  url text not null,
  events jsonb not null,
  scopes text[] not null,
  ordered boolean not null,
  off text,
  held_until timestamp with time zone,
  since bigint not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  PRIMARY KEY (location_id, id),
  CHECK (((location_id = ''::text) = (app_id IS NOT NULL))),
  CHECK ((off = ANY (ARRAY['person'::text, 'gone'::text, 'failing'::text])))
);
CREATE INDEX webhook_endpoint_by_app ON webhook_endpoint USING btree (app_id) WHERE (app_id IS NOT NULL);

create table webhook_key (
  id integer not null,
  sealed text not null,
  created_at timestamp with time zone not null,
  ends_at timestamp with time zone,
  PRIMARY KEY (id)
);

create table webhook_secret (
  location_id text not null,
  endpoint_id text not null,
  id text not null,
  sealed text not null,
  created_at timestamp with time zone not null,
  ends_at timestamp with time zone,
  PRIMARY KEY (location_id, endpoint_id, id)
);

create table worker (
  id text not null,
  seen_at timestamp with time zone not null,
  PRIMARY KEY (id)
);

create table written_apart (
  location_id text not null,
  seq bigint not null generated always as identity,
  change_id uuid,
  kind text,
  PRIMARY KEY (location_id, seq)
);

CREATE OR REPLACE FUNCTION ask_for_broken_count()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  this bigint := pg_current_xact_id()::text::bigint;
begin
  insert into broken_count (location_id, written_by, is_due)
  select t.location_id, this, true from (select distinct location_id from touched) t
  where not exists (
    select 1 from broken_count b where b.location_id = t.location_id and b.is_due and b.written_by = this)
  order by t.location_id
  on conflict (location_id) do update set written_by = excluded.written_by, is_due = true;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION collect_written(location_ids text[], change_ids uuid[], kinds text[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  this bigint := pg_current_xact_id()::text::bigint;
begin
  insert into broken_count (location_id, written_by, is_due)
  select distinct location_id, this, true from unnest(location_ids, change_ids) w(location_id, id) where id is null
  order by 1
  on conflict (location_id) do update set written_by = excluded.written_by, is_due = true;
  insert into journal_inbox (location_id, change_id)
  select a.location_id, a.id from unnest(location_ids, change_ids) a(location_id, id)
  where a.id is not null
    and (exists (select 1 from journal_subscription s where s.location_id = a.location_id)
      or exists (select 1 from webhook_endpoint e where e.location_id = a.location_id and e.off is null)
      or exists (select 1 from webhook_endpoint e join app p on p.id = e.app_id join location l on l.id = a.location_id
        where e.app_id is not null and e.off is null and (p.agency_id = l.agency_id or exists (
          select 1 from app_install i where i.app_id = e.app_id and i.agency_id = l.agency_id))))
  order by a.id;
  insert into journal_inbox (location_id, change_id, stands_under)
  select l.id, a.id, a.location_id from unnest(location_ids, change_ids, kinds) a(location_id, id, kind)
    join location l on l.agency_id = a.location_id
  where a.kind = 'users'
    and (exists (select 1 from journal_subscription s where s.location_id = l.id and s.object_type_id = '0-115')
      or exists (select 1 from webhook_endpoint e where e.location_id = l.id and e.off is null))
  order by a.id, l.id;
  insert into journal_inbox (location_id, change_id, stands_under)
  select '', a.id, a.location_id from unnest(location_ids, change_ids, kinds) a(location_id, id, kind)
  where a.kind = 'users' and exists (select 1 from webhook_endpoint e where e.app_id is not null and e.off is null)
  order by a.id;
end $function$;

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

CREATE OR REPLACE FUNCTION drop_journal_partitions(before date)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  parent text;
  part text;
  dropped integer := 0;
begin
  perform pg_advisory_xact_lock(7468023);
  foreach parent in array array['journal_segment', 'journal_segment_location'] loop
    for part in
      select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = ('public.' || parent)::regclass and c.relname ~ ('^' || parent || '_\d{4}_\d{2}_\d{2}$')
        and to_date(right(c.relname, 10), 'YYYY_MM_DD') < before
    loop
      execute format('drop table %I', part);
      dropped := dropped + 1;
    end loop;
    execute format('delete from %I where "offset" < %L', parent || '_default', first_uuid_of(before));
  end loop;
  return dropped;
end $function$;

CREATE OR REPLACE FUNCTION fill_journal_inbox()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into journal_inbox (location_id, change_id)
  select a.location_id, a.id from added a
  where exists (select 1 from journal_subscription s where s.location_id = a.location_id)
    or exists (select 1 from webhook_endpoint e where e.location_id = a.location_id and e.off is null)
    or exists (select 1 from webhook_endpoint e join app p on p.id = e.app_id join location l on l.id = a.location_id
      where e.app_id is not null and e.off is null and (p.agency_id = l.agency_id or exists (
        select 1 from app_install i where i.app_id = e.app_id and i.agency_id = l.agency_id)))
  order by a.id;
  if exists (select 1 from added where kind = 'users') then
    insert into journal_inbox (location_id, change_id, stands_under)
    select l.id, a.id, a.location_id from added a join location l on l.agency_id = a.location_id
    where a.kind = 'users'
      and (exists (select 1 from journal_subscription s where s.location_id = l.id and s.object_type_id = '0-115')
        or exists (select 1 from webhook_endpoint e where e.location_id = l.id and e.off is null))
    order by a.id, l.id;
    -- Once for the apps of an agency, however many locations it has.
    insert into journal_inbox (location_id, change_id, stands_under)
    select '', a.id, a.location_id from added a
    where a.kind = 'users' and exists (select 1 from webhook_endpoint e where e.app_id is not null and e.off is null)
    order by a.id;
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION first_uuid_of(day date)
 RETURNS uuid
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN ((lpad(to_hex(((EXTRACT(epoch FROM (day)::timestamp without time zone) * (1000)::numeric))::bigint), 12, '0'::text) || '00000000000000000000'::text))::uuid;

CREATE OR REPLACE FUNCTION folded_letters(name text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
AS $function$
declare
  folded text := lower(normalize(regexp_replace(name,
      '[\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164'
      '\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFF8\U0001BCA0-\U0001BCA3'
      '\U0001D173-\U0001D17A\U000E0000-\U000E001F\U000E0080-\U000E0FFF]',
      '', 'g'), NFKC) collate "C");
  letters text := regexp_replace(folded,
      '[\u0001-\u00BF\u00DF-\u00FF\u03AC-\u03CE\u0430-\u045F'
      '\u05D0-\u05EA\u0620-\u064A\u3041-\u3096\u30A1-\u30FA\u4E00-\u9FFF\uAC00-\uD7A3]+',
      '', 'g');
  small text;
begin
  if letters <> '' then
    if length(letters) > 100 then
      letters := (select string_agg(distinct one collate "C", '') from regexp_split_to_table(letters, '') one);
    end if;
    small := letters;
    if letters ~ '[\u00C0-\u017F]' then
      small := translate(small,
        'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮĴĶĹĻĽŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽ',
        'àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþāăąćĉċčďđēĕėęěĝğġģĥħĩīĭįĵķĺļľłńņňŋōŏőœŕŗřśŝşšţťŧũūŭůűųŵŷÿźżž');
    end if;
    if letters ~ '[\u1E00-\u1EFF]' then
      small := translate(small,
        'ḀḂḄḆḈḊḌḎḐḒḔḖḘḚḜḞḠḢḤḦḨḪḬḮḰḲḴḶḸḺḼḾṀṂṄṆṈṊṌṎṐṒṔṖṘṚṜṞṠṢṤṦṨṪṬṮṰṲṴṶṸṺṼṾẀẂẄẆẈẊẌẎẐẒẔẞẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆ'
        'ỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸỺỼỾ',
        'ḁḃḅḇḉḋḍḏḑḓḕḗḙḛḝḟḡḣḥḧḩḫḭḯḱḳḵḷḹḻḽḿṁṃṅṇṉṋṍṏṑṓṕṗṙṛṝṟṡṣṥṧṩṫṭṯṱṳṵṷṹṻṽṿẁẃẅẇẉẋẍẏẑẓẕßạảấầẩẫậắằẳẵặẹẻẽếềểễệ'
        'ỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹỻỽỿ');
    end if;
    if letters ~ '[\u0180-\u024F\u2C60-\u2C7F\uA720-\uA7FF]' then
      small := translate(small,
        'ƁƂƄƆƇƉƊƋƎƏƐƑƓƔƖƗƘƜƝƟƠƢƤƦƧƩƬƮƯƱƲƳƵƷƸƼǍǏǑǓǕǗǙǛǞǠǢǤǦǨǪǬǮǴǶǷǸǺǼǾȀȂȄȆȈȊȌȎȐȒȔȖȘȚȜȞȠȢȤȦȨȪȬȮȰȲȺȻȽȾɁɃɄɅɆɈ'
        'ɊɌɎⱠⱢⱣⱤⱧⱩⱫⱭⱮⱯⱰⱲⱵⱾⱿꜢꜤꜦꜨꜪꜬꜮꜲꜴꜶꜸꜺꜼꜾꝀꝂꝄꝆꝈꝊꝌꝎꝐꝒꝔꝖꝘꝚꝜꝞꝠꝢꝤꝦꝨꝪꝬꝮꝹꝻꝽꝾꞀꞂꞄꞆꞋꞍꞐꞒꞖꞘꞚꞜꞞꞠꞢꞤꞦꞨꞪꞫꞬꞭꞮꞰꞱꞲꞳꞴꞶꞸꞺꞼꞾꟀꟂꟄ'
        'ꟅꟆꟇꟉꟋꟌ꟎Ꟑ꟒꟔ꟖꟘꟚꟜꟵ',
        'ɓƃƅɔƈɖɗƌǝəɛƒɠɣɩɨƙɯɲɵơƣƥʀƨʃƭʈưʊʋƴƶʒƹƽǎǐǒǔǖǘǚǜǟǡǣǥǧǩǫǭǯǵƕƿǹǻǽǿȁȃȅȇȉȋȍȏȑȓȕȗșțȝȟƞȣȥȧȩȫȭȯȱȳⱥȼƚⱦɂƀʉʌɇɉ'
        'ɋɍɏⱡɫᵽɽⱨⱪⱬɑɱɐɒⱳⱶȿɀꜣꜥꜧꜩꜫꜭꜯꜳꜵꜷꜹꜻꜽꜿꝁꝃꝅꝇꝉꝋꝍꝏꝑꝓꝕꝗꝙꝛꝝꝟꝡꝣꝥꝧꝩꝫꝭꝯꝺꝼᵹꝿꞁꞃꞅꞇꞌɥꞑꞓꞗꞙꞛꞝꞟꞡꞣꞥꞧꞩɦɜɡɬɪʞʇʝꭓꞵꞷꞹꞻꞽꞿꟁꟃꞔ'
        'ʂᶎꟈꟊɤꟍ꟏ꟑꟓꟕꟗꟙꟛƛꟶ');
    end if;
    if letters ~ '[\u0370-\u03FF\u1F00-\u1FFF]' then
      small := translate(small,
        'ͰͲͶͿΆΈΉΊΌΎΏΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΪΫϏϘϚϜϞϠϢϤϦϨϪϬϮϷϺϽϾϿἈἉἊἋἌἍἎἏἘἙἚἛἜἝἨἩἪἫἬἭἮἯἸἹἺἻἼἽἾἿὈὉὊὋὌὍὙὛὝὟὨ'
        'ὩὪὫὬὭὮὯᾈᾉᾊᾋᾌᾍᾎᾏᾘᾙᾚᾛᾜᾝᾞᾟᾨᾩᾪᾫᾬᾭᾮᾯᾸᾹᾺᾼῈῊῌῘῙῚῨῩῪῬῸῺῼ',
        'ͱͳͷϳάέήίόύώαβγδεζηθικλμνξοπρστυφχψωϊϋϗϙϛϝϟϡϣϥϧϩϫϭϯϸϻͻͼͽἀἁἂἃἄἅἆἇἐἑἒἓἔἕἠἡἢἣἤἥἦἧἰἱἲἳἴἵἶἷὀὁὂὃὄὅὑὓὕὗὠ'
        'ὡὢὣὤὥὦὧᾀᾁᾂᾃᾄᾅᾆᾇᾐᾑᾒᾓᾔᾕᾖᾗᾠᾡᾢᾣᾤᾥᾦᾧᾰᾱὰᾳὲὴῃῐῑὶῠῡὺῥὸὼῳ');
    end if;
    if letters ~ '[\u0400-\u052F\uA640-\uA69F]' then
      small := translate(small,
        'ЀЁЂЃЄЅІЇЈЉЊЋЌЍЎЏАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯѠѢѤѦѨѪѬѮѰѲѴѶѸѺѼѾҀҊҌҎҐҒҔҖҘҚҜҞҠҢҤҦҨҪҬҮҰҲҴҶҸҺҼҾӀӁӃӅ'
        'ӇӉӋӍӐӒӔӖӘӚӜӞӠӢӤӦӨӪӬӮӰӲӴӶӸӺӼӾԀԂԄԆԈԊԌԎԐԒԔԖԘԚԜԞԠԢԤԦԨԪԬԮꙀꙂꙄꙆꙈꙊꙌꙎꙐꙒꙔꙖꙘꙚꙜꙞꙠꙢꙤꙦꙨꙪꙬꚀꚂꚄꚆꚈꚊꚌꚎꚐꚒꚔꚖꚘꚚ',
        'ѐёђѓєѕіїјљњћќѝўџабвгдежзийклмнопрстуфхцчшщъыьэюяѡѣѥѧѩѫѭѯѱѳѵѷѹѻѽѿҁҋҍҏґғҕҗҙқҝҟҡңҥҧҩҫҭүұҳҵҷҹһҽҿӏӂӄӆ'
        'ӈӊӌӎӑӓӕӗәӛӝӟӡӣӥӧөӫӭӯӱӳӵӷӹӻӽӿԁԃԅԇԉԋԍԏԑԓԕԗԙԛԝԟԡԣԥԧԩԫԭԯꙁꙃꙅꙇꙉꙋꙍꙏꙑꙓꙕꙗꙙꙛꙝꙟꙡꙣꙥꙧꙩꙫꙭꚁꚃꚅꚇꚉꚋꚍꚏꚑꚓꚕꚗꚙꚛ');
    end if;
    if letters ~ '[\u0530-\u058F\u10A0-\u10FF\u13A0-\u13FF\u1C80-\u1CBF\u2C00-\u2C5F\u2C80-\u2CFF]|'
      '[\u2132\u2183\U00010000-\U0001FFFF]' then
      small := translate(small,
        'ԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖႠႡႢႣႤႥႦႧႨႩႪႫႬႭႮႯႰႱႲႳႴႵႶႷႸႹႺႻႼႽႾႿჀჁჂჃჄჅჇჍᎠᎡᎢᎣᎤᎥᎦᎧᎨᎩᎪᎫᎬᎭᎮᎯᎰᎱ'
        'ᎲᎳᎴᎵᎶᎷᎸᎹᎺᎻᎼᎽᎾᎿᏀᏁᏂᏃᏄᏅᏆᏇᏈᏉᏊᏋᏌᏍᏎᏏᏐᏑᏒᏓᏔᏕᏖᏗᏘᏙᏚᏛᏜᏝᏞᏟᏠᏡᏢᏣᏤᏥᏦᏧᏨᏩᏪᏫᏬᏭᏮᏯᏰᏱᏲᏳᏴᏵᲉᲐᲑᲒᲓᲔᲕᲖᲗᲘᲙᲚᲛᲜᲝᲞᲟᲠᲡᲢᲣᲤᲥᲦᲧᲨᲩᲪ'
        'ᲫᲬᲭᲮᲯᲰᲱᲲᲳᲴᲵᲶᲷᲸᲹᲺᲽᲾᲿℲↃⰀⰁⰂⰃⰄⰅⰆⰇⰈⰉⰊⰋⰌⰍⰎⰏⰐⰑⰒⰓⰔⰕⰖⰗⰘⰙⰚⰛⰜⰝⰞⰟⰠⰡⰢⰣⰤⰥⰦⰧⰨⰩⰪⰫⰬⰭⰮⰯⲀⲂⲄⲆⲈⲊⲌⲎⲐⲒⲔⲖⲘⲚⲜⲞⲠⲢⲤⲦⲨⲪⲬⲮⲰⲲⲴ'
        'ⲶⲸⲺⲼⲾⳀⳂⳄⳆⳈⳊⳌⳎⳐⳒⳔⳖⳘⳚⳜⳞⳠⳢⳫⳭⳲ𐐀𐐁𐐂𐐃𐐄𐐅𐐆𐐇𐐈𐐉𐐊𐐋𐐌𐐍𐐎𐐏𐐐𐐑𐐒𐐓𐐔𐐕𐐖𐐗𐐘𐐙𐐚𐐛𐐜𐐝𐐞𐐟𐐠𐐡𐐢𐐣𐐤𐐥𐐦𐐧𐒰𐒱𐒲𐒳𐒴𐒵𐒶𐒷𐒸𐒹𐒺𐒻𐒼𐒽𐒾𐒿𐓀𐓁𐓂𐓃𐓄𐓅𐓆𐓇𐓈𐓉𐓊𐓋𐓌𐓍'
        '𐓎𐓏𐓐𐓑𐓒𐓓𐕰𐕱𐕲𐕳𐕴𐕵𐕶𐕷𐕸𐕹𐕺𐕼𐕽𐕾𐕿𐖀𐖁𐖂𐖃𐖄𐖅𐖆𐖇𐖈𐖉𐖊𐖌𐖍𐖎𐖏𐖐𐖑𐖒𐖔𐖕𐲀𐲁𐲂𐲃𐲄𐲅𐲆𐲇𐲈𐲉𐲊𐲋𐲌𐲍𐲎𐲏𐲐𐲑𐲒𐲓𐲔𐲕𐲖𐲗𐲘𐲙𐲚𐲛𐲜𐲝𐲞𐲟𐲠𐲡𐲢𐲣𐲤𐲥𐲦𐲧𐲨𐲩𐲪𐲫𐲬𐲭𐲮𐲯𐲰𐲱𐲲𐵐𐵑𐵒𐵓'
        '𐵔𐵕𐵖𐵗𐵘𐵙𐵚𐵛𐵜𐵝𐵞𐵟𐵠𐵡𐵢𐵣𐵤𐵥𑢠𑢡𑢢𑢣𑢤𑢥𑢦𑢧𑢨𑢩𑢪𑢫𑢬𑢭𑢮𑢯𑢰𑢱𑢲𑢳𑢴𑢵𑢶𑢷𑢸𑢹𑢺𑢻𑢼𑢽𑢾𑢿𖹀𖹁𖹂𖹃𖹄𖹅𖹆𖹇𖹈𖹉𖹊𖹋𖹌𖹍𖹎𖹏𖹐𖹑𖹒𖹓𖹔𖹕𖹖𖹗𖹘𖹙𖹚𖹛𖹜𖹝𖹞𖹟𖺠𖺡𖺢𖺣𖺤𖺥𖺦𖺧𖺨𖺩𖺪𖺫𖺬𖺭'
        '𖺮𖺯𖺰𖺱𖺲𖺳𖺴𖺵𖺶𖺷𖺸𞤀𞤁𞤂𞤃𞤄𞤅𞤆𞤇𞤈𞤉𞤊𞤋𞤌𞤍𞤎𞤏𞤐𞤑𞤒𞤓𞤔𞤕𞤖𞤗𞤘𞤙𞤚𞤛𞤜𞤝𞤞𞤟𞤠𞤡',
        'աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆⴀⴁⴂⴃⴄⴅⴆⴇⴈⴉⴊⴋⴌⴍⴎⴏⴐⴑⴒⴓⴔⴕⴖⴗⴘⴙⴚⴛⴜⴝⴞⴟⴠⴡⴢⴣⴤⴥⴧⴭꭰꭱꭲꭳꭴꭵꭶꭷꭸꭹꭺꭻꭼꭽꭾꭿꮀꮁ'
        'ꮂꮃꮄꮅꮆꮇꮈꮉꮊꮋꮌꮍꮎꮏꮐꮑꮒꮓꮔꮕꮖꮗꮘꮙꮚꮛꮜꮝꮞꮟꮠꮡꮢꮣꮤꮥꮦꮧꮨꮩꮪꮫꮬꮭꮮꮯꮰꮱꮲꮳꮴꮵꮶꮷꮸꮹꮺꮻꮼꮽꮾꮿᏸᏹᏺᏻᏼᏽᲊაბგდევზთიკლმნოპჟრსტუფქღყშჩც'
        'ძწჭხჯჰჱჲჳჴჵჶჷჸჹჺჽჾჿⅎↄⰰⰱⰲⰳⰴⰵⰶⰷⰸⰹⰺⰻⰼⰽⰾⰿⱀⱁⱂⱃⱄⱅⱆⱇⱈⱉⱊⱋⱌⱍⱎⱏⱐⱑⱒⱓⱔⱕⱖⱗⱘⱙⱚⱛⱜⱝⱞⱟⲁⲃⲅⲇⲉⲋⲍⲏⲑⲓⲕⲗⲙⲛⲝⲟⲡⲣⲥⲧⲩⲫⲭⲯⲱⲳⲵ'
        'ⲷⲹⲻⲽⲿⳁⳃⳅⳇⳉⳋⳍⳏⳑⳓⳕⳗⳙⳛⳝⳟⳡⳣⳬⳮⳳ𐐨𐐩𐐪𐐫𐐬𐐭𐐮𐐯𐐰𐐱𐐲𐐳𐐴𐐵𐐶𐐷𐐸𐐹𐐺𐐻𐐼𐐽𐐾𐐿𐑀𐑁𐑂𐑃𐑄𐑅𐑆𐑇𐑈𐑉𐑊𐑋𐑌𐑍𐑎𐑏𐓘𐓙𐓚𐓛𐓜𐓝𐓞𐓟𐓠𐓡𐓢𐓣𐓤𐓥𐓦𐓧𐓨𐓩𐓪𐓫𐓬𐓭𐓮𐓯𐓰𐓱𐓲𐓳𐓴𐓵'
        '𐓶𐓷𐓸𐓹𐓺𐓻𐖗𐖘𐖙𐖚𐖛𐖜𐖝𐖞𐖟𐖠𐖡𐖣𐖤𐖥𐖦𐖧𐖨𐖩𐖪𐖫𐖬𐖭𐖮𐖯𐖰𐖱𐖳𐖴𐖵𐖶𐖷𐖸𐖹𐖻𐖼𐳀𐳁𐳂𐳃𐳄𐳅𐳆𐳇𐳈𐳉𐳊𐳋𐳌𐳍𐳎𐳏𐳐𐳑𐳒𐳓𐳔𐳕𐳖𐳗𐳘𐳙𐳚𐳛𐳜𐳝𐳞𐳟𐳠𐳡𐳢𐳣𐳤𐳥𐳦𐳧𐳨𐳩𐳪𐳫𐳬𐳭𐳮𐳯𐳰𐳱𐳲𐵰𐵱𐵲𐵳'
        '𐵴𐵵𐵶𐵷𐵸𐵹𐵺𐵻𐵼𐵽𐵾𐵿𐶀𐶁𐶂𐶃𐶄𐶅𑣀𑣁𑣂𑣃𑣄𑣅𑣆𑣇𑣈𑣉𑣊𑣋𑣌𑣍𑣎𑣏𑣐𑣑𑣒𑣓𑣔𑣕𑣖𑣗𑣘𑣙𑣚𑣛𑣜𑣝𑣞𑣟𖹠𖹡𖹢𖹣𖹤𖹥𖹦𖹧𖹨𖹩𖹪𖹫𖹬𖹭𖹮𖹯𖹰𖹱𖹲𖹳𖹴𖹵𖹶𖹷𖹸𖹹𖹺𖹻𖹼𖹽𖹾𖹿𖺻𖺼𖺽𖺾𖺿𖻀𖻁𖻂𖻃𖻄𖻅𖻆𖻇𖻈'
        '𖻉𖻊𖻋𖻌𖻍𖻎𖻏𖻐𖻑𖻒𖻓𞤢𞤣𞤤𞤥𞤦𞤧𞤨𞤩𞤪𞤫𞤬𞤭𞤮𞤯𞤰𞤱𞤲𞤳𞤴𞤵𞤶𞤷𞤸𞤹𞤺𞤻𞤼𞤽𞤾𞤿𞥀𞥁𞥂𞥃');
    end if;
    if small <> letters then folded := translate(folded, letters, small); end if;
    folded := normalize(replace(folded, 'İ', 'i̇'), NFKC);
  end if;
  return btrim(regexp_replace(folded,
    '[\s\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+', ' ', 'g'));
end $function$;

CREATE OR REPLACE FUNCTION folded_text(name text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN (name ~ '^[!-~]+( [!-~]+)*$'::text) THEN lower((name COLLATE "C")) WHEN (name !~ '[\uA7F1\U0001CCD6-\U0001CCF9\U0001E030-\U0001E06D]'::text) THEN replace(folded_letters(name), 'ς'::text, 'σ'::text) ELSE replace(folded_letters(translate(name, '꟱𜳖𜳗𜳘𜳙𜳚𜳛𜳜𜳝𜳞𜳟𜳠𜳡𜳢𜳣𜳤𜳥𜳦𜳧𜳨𜳩𜳪𜳫𜳬𜳭𜳮𜳯𜳰𜳱𜳲𜳳𜳴𜳵𜳶𜳷𜳸𜳹𞀰𞀱𞀲𞀳𞀴𞀵𞀶𞀷𞀸𞀹𞀺𞀻𞀼𞀽𞀾𞀿𞁀𞁁𞁂𞁃𞁄𞁅𞁆𞁇𞁈𞁉𞁊𞁋𞁌𞁍𞁎𞁏𞁐𞁑𞁒𞁓𞁔𞁕𞁖𞁗𞁘𞁙𞁚𞁛𞁜𞁝𞁞𞁟𞁠𞁡𞁢𞁣𞁤𞁥𞁦𞁧𞁨𞁩𞁪𞁫𞁬𞁭'::text, 'SABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789абвгдежзиклмопрстуфхцчшыэюꚉәіјөүӏабвгдежзиклопсуфхцчшъыґіѕџҫꙑұ'::text)), 'ς'::text, 'σ'::text) END;

CREATE OR REPLACE FUNCTION forget_changes(at_location text, of_kind text, ids text[])
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
begin
  update change set delta = '{}'
  where location_id = at_location and kind = of_kind and entity_id = any(ids) and delta <> '{}';
end $function$;

CREATE OR REPLACE FUNCTION forget_security_events()
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  delete from security_event where at < now() - interval '366 days'
$function$;

CREATE OR REPLACE FUNCTION leave_changes()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  part record;
begin
  for part in select location_id, kind, array_agg(id order by id) as ids from added group by location_id, kind loop
    insert into written_apart (location_id, change_id, kind) select part.location_id, unnest(part.ids), part.kind;
  end loop;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION leave_touched()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  part record;
begin
  for part in select distinct location_id from touched loop
    insert into written_apart (location_id) values (part.location_id);
  end loop;
  return null;
end $function$;

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

CREATE OR REPLACE FUNCTION make_journal_partitions(day date)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  first uuid := first_uuid_of(day);
  beyond uuid := first_uuid_of(day + 1);
  parent text;
  part text;
begin
  perform pg_advisory_xact_lock(7468023);
  foreach parent in array array['journal_segment', 'journal_segment_location'] loop
    part := parent || to_char(day, '_YYYY_MM_DD');
    continue when to_regclass('public.' || part) is not null;
    execute format('lock table %I in access exclusive mode', parent || '_default');
    execute format('create table %I (like %I including all)', part, parent);
    execute format('with moved as (delete from %I where "offset" >= %L and "offset" < %L returning *) '
      'insert into %I select * from moved', parent || '_default', first, beyond, part);
    execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, part,
      first, beyond);
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION natural_key(name text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select left(btrim(regexp_replace(lower(normalize(regexp_replace(name,
    '[\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFF8\U0001BCA0-\U0001BCA3\U0001D173-\U0001D17A\U000E0000-\U000E001F\U000E0080-\U000E0FFF]',
    '', 'g'), NFKC)), '[\s\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+', ' ', 'g')), 500) $function$;

CREATE OR REPLACE FUNCTION remove_connections()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  delete from connection where location_id = new.id;
  delete from connection_secret where location_id = new.id;
  delete from connection_arrival where location_id = new.id and state = 'waiting';
  return null;
end $function$;

CREATE OR REPLACE FUNCTION remove_webhooks(location text, app text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  gone text[] := array(select id from webhook_endpoint where location_id = location and app_id is not distinct from app);
begin
  if gone = '{}' then return; end if;
  delete from webhook_endpoint where location_id = location and id = any(gone);
  delete from webhook_secret where location_id = location and endpoint_id = any(gone);
  delete from webhook_delivery where location_id = location and endpoint_id = any(gone);
end $function$;

CREATE OR REPLACE FUNCTION repeat_security_event(of_agency text, event_id uuid, times integer)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  update security_event set repeats = times
  where agency_id = of_agency and id = event_id and outcome = 'refused' and repeats < times
$function$;

CREATE OR REPLACE FUNCTION tell_app_life(app text, agency text, location text, who text, act text)
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into journal_inbox (location_id, event)
  select '', jsonb_strip_nulls(jsonb_build_object('appId', app, 'agencyId', agency, 'locationId', location, 'userId', who,
    'action', act))
  where exists (select 1 from journal_subscription s where s.location_id = '' and s.app_id = app)
    or exists (select 1 from webhook_endpoint e where e.app_id = app and e.off is null);
$function$;

CREATE OR REPLACE FUNCTION tell_of_absence()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION tell_of_app()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION tell_of_install()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  install app_install := case when tg_op = 'DELETE' then old else new end;
begin
  perform tell_app_life(install.app_id, install.agency_id, install.location_id, install.user_id,
    case when tg_op = 'DELETE' then 'APP_UNINSTALL' else 'APP_INSTALL' end);
  return null;
end $function$;

CREATE OR REPLACE FUNCTION tell_of_location()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if new.deleted_at is not null then
    perform remove_webhooks(new.id, null);
    return null;
  end if;
  insert into journal_inbox (location_id, event)
  select new.id, jsonb_build_object('action', 'LOCATION_' || case tg_op when 'INSERT' then 'CREATE' else 'UPDATE' end,
    'agencyId', new.agency_id, 'locationId', new.id, 'name', new.name, 'email', new.doc->>'email', 'changed',
    case when tg_op = 'INSERT' then '[]' else array_to_json(array_remove(array[case when new.name <> old.name then 'name' end,
      case when new.timezone <> old.timezone then 'timezone' end], null) || array(
      select coalesce(n.key, o.key) from jsonb_each(new.doc) n full join jsonb_each(old.doc) o on o.key = n.key
      where n.value is distinct from o.value))::jsonb end)
  where exists (select 1 from webhook_endpoint e where (e.location_id = new.id or e.app_id is not null) and e.off is null);
  return null;
end $function$;

CREATE OR REPLACE FUNCTION write_conflict()
 RETURNS text
 LANGUAGE plpgsql
AS $function$
begin
  raise exception using errcode = 'serialization_failure', message = 'A record was written by somebody else meanwhile.';
end $function$;

CREATE TRIGGER app_to_journal AFTER DELETE OR UPDATE ON app FOR EACH ROW EXECUTE FUNCTION tell_of_app();

CREATE TRIGGER app_absence_to_journal AFTER INSERT OR DELETE ON app_absence FOR EACH ROW EXECUTE FUNCTION tell_of_absence();

CREATE TRIGGER app_install_to_journal AFTER INSERT OR DELETE ON app_install FOR EACH ROW EXECUTE FUNCTION tell_of_install();

CREATE TRIGGER asset_added_to_broken_count AFTER INSERT ON asset REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION ask_for_broken_count();

CREATE TRIGGER asset_changed_to_broken_count AFTER UPDATE ON asset REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION ask_for_broken_count();

CREATE TRIGGER asset_gone_to_broken_count AFTER DELETE ON asset REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION ask_for_broken_count();

CREATE TRIGGER alias_added_to_broken_count AFTER INSERT ON asset_alias REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION ask_for_broken_count();

CREATE TRIGGER alias_changed_to_broken_count AFTER UPDATE ON asset_alias REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION ask_for_broken_count();

CREATE TRIGGER alias_gone_to_broken_count AFTER DELETE ON asset_alias REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION ask_for_broken_count();

CREATE TRIGGER change_to_journal AFTER INSERT ON change REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION fill_journal_inbox();

CREATE TRIGGER location_to_journal AFTER INSERT OR UPDATE ON location FOR EACH ROW EXECUTE FUNCTION tell_of_location();

CREATE TRIGGER location_without_connections AFTER UPDATE OF deleted_at ON location FOR EACH ROW WHEN (((new.deleted_at IS NOT NULL) AND (old.deleted_at IS NULL))) EXECUTE FUNCTION remove_connections();

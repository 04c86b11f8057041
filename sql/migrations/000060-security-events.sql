-- What decided who may do what in an agency, for its owners and admins to read (docs/security.md, "What is logged").
create table security_event (
  agency_id text not null,
  id uuid not null,                   -- version 7: in the order in which it happened
  at timestamptz not null,
  event text not null,                -- an operation, or an act of the pages for signing in
  outcome text not null check (outcome in ('done', 'refused')),
  who text,                           -- id of a person, a token or an app; null: it is not known
  who_name text,                      -- what they were called then
  address text not null,
  trace_id text not null,
  status int,                         -- of a refusal
  detail text,                        -- what it was done to, or why not; never a secret
  primary key (agency_id, id)
);
create index security_event_by_age on security_event (at);

-- Sessions of the authorise page that were ended by hand, until they would have ended by themselves.
create table ended_session (
  id text primary key,
  ends_at timestamptz not null
);
create index ended_session_by_end on ended_session (ends_at);

-- The agency that owns an app has taken it out: it no longer speaks for its owner without anybody's consent.
alter table app add column withdrawn_at timestamptz;

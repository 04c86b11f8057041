-- What a poll has found, by its contents: the same again is nothing new.
create table connection_seen (
  location_id text not null,
  connection_id text not null,
  hash text not null,
  at timestamptz not null,
  primary key (location_id, connection_id, hash)
);

-- Whom the other program has let a connection in as, when, and who has asked for it. Null: nobody was asked yet, or it
-- was disconnected. What opens the other program stands among the secrets.
alter table connection add column authorised jsonb;

-- Somebody was sent to the other program to allow a connection. Whoever comes back is known by the hash of what they
-- bring, once, and in the session they left in. The verifier (RFC 7636) is sealed.
create table connection_authorisation (
  location_id text not null,
  connection_id text not null,
  hash text not null,
  session_id text not null,
  redirect_uri text not null,
  sealed text not null,
  ends_at timestamptz not null,
  used_at timestamptz,
  primary key (location_id, connection_id, hash)
);
create index connection_authorisation_by_age on connection_authorisation (ends_at);

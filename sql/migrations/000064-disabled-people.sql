-- Somebody who may not sign in for now, and keeps who they are.
alter table person add column disabled_at timestamptz; -- null: not disabled

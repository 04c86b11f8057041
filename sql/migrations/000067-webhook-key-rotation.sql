-- Of a key that another one follows: until then it signs beside it. Null: to no end that is known.
alter table webhook_key add column ends_at timestamptz;

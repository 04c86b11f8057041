-- What it was done to, as it was called then: `[{ what, id, name }]`. Of what was kept before, the detail alone tells.
alter table security_event add column about jsonb not null default '[]';

-- The link itself, sealed (auth/vault.ts), until its mail has gone out; null: it goes out by no mail, or has.
alter table person_link add column sealed text;

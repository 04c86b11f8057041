-- Secrets that the server must read back are sealed with a key from outside the database (src/auth/vault.ts). The start that follows seals
-- what is still in plain.
alter table signing_key alter column secret drop not null;
alter table signing_key add column sealed text;
alter table signing_key add column retired_at timestamptz;  -- signs no more since then; what it has signed goes on to its end

-- In a database that is being made no key was used yet: the first start draws one that was never in plain.
delete from signing_key where created_at = now();

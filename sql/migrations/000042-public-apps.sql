-- An app that runs in a browser or on a device can keep no secret: it proves itself by PKCE alone.
alter table app alter column secret_hash drop not null;

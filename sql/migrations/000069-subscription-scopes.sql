-- The object scopes that the token which subscribed was narrowed to; null: those of its app, whatever they are.
alter table journal_subscription add column scopes text[];

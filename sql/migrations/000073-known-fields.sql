-- What a mapping reads may go, or become something else (docs/decisions/0021).

alter table connection
  -- The fields of what came until now: {fields, ofAll, isOther}. Null: nothing is known.
  add column known jsonb;

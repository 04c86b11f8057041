import { type RawBuilder, sql } from 'kysely'

/** What people call a record of any kind, by its row under this alias; null where nothing says. */
export const shownRecordName = (alias: string): RawBuilder<string | null> => {
  const doc = sql`${sql.ref(alias)}.doc`
  const named = ['name', 'title', 'subject', 'number', 'email', 'phone'].map(
    (field) => sql`nullif(${doc}->>${sql.lit(field)}, '')`,
  )
  return sql<string | null>`coalesce(
    nullif(trim(concat_ws(' ', ${doc}->>'firstName', ${doc}->>'lastName')), ''), ${sql.join(named)})`
}

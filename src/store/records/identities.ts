import type { Db } from '../../db/pool.ts'
import { runAlone } from '../../db/prepared.ts'
import { type Prepared, prepare } from '../../db/statements.ts'
import { emailKey } from '../natural-key.ts'
import { COLUMNS, type RecordRow } from './reads.ts'

export interface Wanted {
  /** As `emailKey` makes them. */
  emails: readonly string[]
  phones: readonly string[]
  /** Whoever has these as the primary ones comes first: by e-mail, then by phone; among equals the oldest. */
  email: string | undefined
  phone: string | undefined
  most: number
}

/**
 * How many there are: a single one has a form of its own. Of a list the planner does not know the length, and would
 * plan anew each time.
 */
type Form = 'none' | 'one' | 'many'
const formOf = (values: readonly string[]): Form =>
  values.length === 0 ? 'none' : values.length === 1 ? 'one' : 'many'
/**
 * More than a person has: those of a set of contacts. It is planned each time, for 2 ms: a plan that is kept was made for
 * the location as it stood at the first set, when there were none, and reads all of them ever after.
 */
const MOST_OF_ONE = 20

/**
 * Contacts that have one of these e-mails or phones, as the primary one or an additional one: four indexes
 * (sql/migrations/000009-files.sql) that each find a handful of rows. Of how many contacts a location has the planner
 * knows nothing, and would rather read all of them than ask four times: so each part names the location in the way in
 * which its own index can use it, and the whole does not.
 */
export function findByIdentity(
  db: Db,
  locationId: string,
  { emails, phones, email, phone, most }: Wanted,
): Promise<RecordRow[]> {
  const [ofEmails, ofPhones] = [formOf(emails), formOf(phones)]
  const value = (values: readonly string[]) => (values.length === 1 ? values[0] : values)
  const isSet = emails.length + phones.length > MOST_OF_ONE
  // Another text than any that is prepared: by the same one it would be sent under that name, and keep its plan.
  return runAlone(db, isSet ? { text: `${write(ofEmails, ofPhones)} -- of a set` } : statementFor(ofEmails, ofPhones), [
    locationId,
    email === undefined ? null : emailKey(email),
    phone ?? null,
    most,
    ...(ofEmails === 'none' ? [] : [value(emails)]),
    ...(ofPhones === 'none' ? [] : [value(phones)]),
  ])
}

const made = new Map<string, Prepared<RecordRow>>()

function statementFor(emails: Form, phones: Form): Prepared<RecordRow> {
  const key = `${emails}/${phones}`
  const known = made.get(key) ?? prepare<RecordRow>(write(emails, phones))
  made.set(key, known)
  return known
}

/**
 * Where a contact has what is its own, in the words of the indexes (sql/migrations/000009-files.sql,
 * 000009-identities.sql).
 */
export interface Own {
  primary: string
  /** The additional ones; not null where there are some. */
  list: string
  inList: string
}
export const OWN_EMAILS: Own = {
  primary: "lower(doc->>'email')",
  list: "doc->'additionalEmails'",
  inList: "lower(doc->>'additionalEmails')::jsonb",
}
export const OWN_PHONES: Own = {
  primary: "(doc->>'phone')",
  list: "doc->'additionalPhones'",
  inList: "(doc->'additionalPhones')",
}

function write(emails: Form, phones: Form): string {
  const part = (form: Form, parameter: string, { primary, list, inList }: Own) => {
    if (form === 'none') return []
    const [is, holds] =
      form === 'one'
        ? [`= ${parameter}::text`, `? ${parameter}::text`]
        : [`= any(${parameter}::text[])`, `?| ${parameter}::text[]`]
    return [
      `(location_id = $1 and ${primary} ${is})`,
      `(location_id || '' = $1 and ${list} is not null and ${inList} ${holds})`,
    ]
  }
  const either = [...part(emails, '$5', OWN_EMAILS), ...part(phones, emails === 'none' ? '$5' : '$6', OWN_PHONES)]
  const rank = "case when lower(doc->>'email') = $2::text then 0 when (doc->>'phone') = $3::text then 1 else 2 end"
  // The whole rows at once: asked for them by their ids, the planner may walk the location by creation in search of a
  // handful.
  return `select ${COLUMNS} from record where kind = 'contacts' and deleted_at is null and (${either.join(' or ')})
      order by ${rank}, created_at, id limit $4`
}

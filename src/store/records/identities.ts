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
/** More than a person has: those of a set of contacts, each of which is looked for alone. */
const MOST_OF_ONE = 20

/**
 * Contacts that have one of these e-mails or phones, as the primary one or an additional one: four indexes
 * (sql/migrations/000082-identities-alone.sql) that each find a handful of rows. Of how many contacts a location has
 * the planner knows nothing, and would rather read all of them than ask four times: so each part names the location in
 * the way in which its own index can use it, and the whole does not.
 */
export function findByIdentity(
  db: Db,
  locationId: string,
  { emails, phones, email, phone, most }: Wanted,
): Promise<RecordRow[]> {
  const ofOne = [email === undefined ? null : emailKey(email), phone ?? null, most]
  if (emails.length + phones.length > MOST_OF_ONE)
    return runAlone(db, { text: OF_SET }, [locationId, ...ofOne, emails, phones])
  const [ofEmails, ofPhones] = [formOf(emails), formOf(phones)]
  const value = (values: readonly string[]) => (values.length === 1 ? values[0] : values)
  return runAlone(db, statementFor(ofEmails, ofPhones), [
    locationId,
    ...ofOne,
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

/** Where a contact has what is its own, in the words of the indexes (sql/migrations/000082-identities-alone.sql). */
export interface Own {
  primary: string
  /** The additional ones; not null where there are some. */
  list: string
  inList: string
}

/** That it is in $1, where an index finds it by something else: no index of locations serves this form. */
export const IN_LOCATION = 'concat(location_id) = $1'

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
      `(location_id || '' = $1 and ${primary} ${is})`,
      `(${IN_LOCATION} and ${list} is not null and ${inList} ${holds})`,
    ]
  }
  const either = [...part(emails, '$5', OWN_EMAILS), ...part(phones, emails === 'none' ? '$5' : '$6', OWN_PHONES)]
  // The whole rows at once: asked for them by their ids, the planner may walk the location by creation in search of a
  // handful.
  return `select ${COLUMNS} from record where kind = 'contacts' and deleted_at is null and (${either.join(' or ')})
      order by ${rankOf('doc')}, created_at, id limit $4`
}

/** Whoever has $2 or $3 as the primary one comes first. */
const rankOf = (document: string) => `case when lower(${document}->>'email') = $2::text then 0
    when (${document}->>'phone') = $3::text then 1 else 2 end`

/** That a row is not deleted, in a form by which no index is found. */
const IS_THERE = "coalesce(deleted_at, 'infinity') = 'infinity'"

/**
 * Of a set: one look for each, as for a list the planner would rather read all contacts. It is planned each time, for 2
 * ms: a plan that is kept was made for the location as it stood at the first set, when there were none.
 */
const OF_SET = writeSet([
  ['$5', OWN_EMAILS],
  ['$6', OWN_PHONES],
])

function writeSet(parts: readonly [parameter: string, own: Own][]): string {
  const found = parts.flatMap(([parameter, { primary, list, inList }]) =>
    [
      `location_id || '' = $1 and ${primary} = w.value`,
      `${IN_LOCATION} and ${list} is not null and ${inList} ? w.value`,
    ].map(
      // By the table's own name: an index that knows the kind would be taken for as good as any.
      (has) => `select r.* from unnest(${parameter}::text[]) w(value) cross join lateral (
        select ${COLUMNS} from record_contacts where ${has} and ${IS_THERE} offset 0) r`,
    ),
  )
  return `select * from (select distinct on (id) * from (${found.join(' union all ')}) found order by id) each
      order by ${rankOf('document')}, "createdAt", id limit $4`
}

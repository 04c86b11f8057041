import { type RawBuilder, sql } from 'kysely'
import { texts } from '../db/pool.ts'
import { anyOf, type Condition, fieldText } from './record-conditions.ts'

export interface Wanted {
  /** Lower case. */
  emails: readonly string[]
  phones: readonly string[]
  /** Those with the lowest rank count, the oldest of them first. */
  rank: RawBuilder<number>
  most: number
}

// One value has a form of its own: how many a list holds the planner does not know beforehand, and it would plan anew each time.
const isOneOf = (values: readonly string[]) => (values.length === 1 ? sql`= ${values[0]}::text` : sql`= any(${texts(values)})`)
const holdsOneOf = (values: readonly string[]) => (values.length === 1 ? sql`? ${values[0]}::text` : sql`?| ${texts(values)}`)

/**
 * Contacts that have one of these e-mails or phones, as the primary one or an additional one: four indexes (sql/migrations/000009-files.sql)
 * that each find a handful of rows. Of how many contacts a location has the planner knows nothing, and would rather read all of them than
 * ask four times: so each part names the location in the way in which its own index can use it, and the whole does not.
 */
export function hasOneOf(locationId: string, { emails, phones, rank, most }: Wanted): Condition {
  const primary = (field: RawBuilder<unknown>, values: readonly string[]) => sql<boolean>`(location_id = ${locationId} and ${field} ${isOneOf(values)})`
  const additional = (field: RawBuilder<unknown>, value: RawBuilder<unknown>, values: readonly string[]) =>
    sql<boolean>`(location_id || '' = ${locationId} and ${field} is not null and ${value} ${holdsOneOf(values)})`
  const ofEmails = [
    primary(sql`lower(${fieldText('email')})`, emails),
    additional(sql`doc->'additionalEmails'`, sql`lower(${fieldText('additionalEmails')})::jsonb`, emails),
  ]
  const ofPhones = [primary(fieldText('phone'), phones), additional(sql`doc->'additionalPhones'`, sql`(doc->'additionalPhones')`, phones)]
  const either = anyOf([...(emails.length === 0 ? [] : ofEmails), ...(phones.length === 0 ? [] : ofPhones)])
  return sql<boolean>`id = any(array(
    select id from record where kind = 'contacts' and deleted_at is null and ${either} order by ${rank}, created_at, id limit ${most}))`
}

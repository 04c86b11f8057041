import { type RawBuilder, sql } from 'kysely'
import { foldedTextOf } from '../db/folded-text.ts'
import { type Db, query, queryOne, type Tx, texts } from '../db/pool.ts'
import { newId } from '../ids.ts'
import { callersChanged } from './caller.ts'
import { hashPassword, isOutdated, isPassword } from './passwords.ts'
import type { Role } from './roles.ts'

/** Somebody who may sign in. */
export interface Person {
  id: string
  agencyId: string
  email: string
  name: string
  role: Role
  /** Of a client: the only locations that there are for them. Null: all of the agency. */
  locationIds: string[] | null
  /** Changes with the password: browsers that were known under another one are strangers again. */
  mark: string
}

/** What an e-mail looks like at least. */
export const EMAIL = /^[^@\s]+@[^@\s]+$/

/** Columns of a person `p`. */
export const PERSON = sql`p.id, p.agency_id as "agencyId", p.email, p.name, p.role, p.location_ids as "locationIds",
    left(encode(sha256(convert_to(coalesce(p.password, ''), 'UTF8')), 'hex'), 16) as mark`

/** One in ASCII keeps its case, another is folded: `lower()` makes the same of all spellings of either. */
const asStored = (email: string) =>
  sql`case when ${email}::text ~ '^[!-~]*$' then ${email} else ${foldedTextOf(sql`${email}::text`)} end`

/** Of a person `p`: theirs is this e-mail, however it is typed. */
export const isEmailOf = (email: string): RawBuilder<boolean> =>
  sql<boolean>`lower(p.email) = ${foldedTextOf(sql`${email}::text`)}`

export interface NewPerson {
  agencyId: string
  email: string
  name: string
  role: Role
  /** Of a client, and of nobody else. */
  locationIds?: readonly string[]
  /** Without one they cannot sign in yet. */
  password?: string
}

export async function createPerson(tx: Tx, person: NewPerson, atMs: number): Promise<Person> {
  const { agencyId, email, name, role, locationIds } = person
  const password = person.password === undefined ? null : await hashPassword(person.password)
  const row = await queryOne(
    tx,
    sql<Person>`
      insert into person as p (id, agency_id, email, name, role, location_ids, password, created_at)
      values (${newId()}, ${agencyId}, ${asStored(email)}, ${name}, ${role},
        ${locationIds === undefined ? null : texts(locationIds)}, ${password}, ${new Date(atMs)})
        returning ${PERSON}`,
  )
  return row as Person
}

export function findPerson(db: Db, id: string): Promise<Person | null> {
  return queryOne(db, sql<Person>`select ${PERSON} from person p where p.id = ${id}`)
}

export function findByEmail(db: Db, email: string): Promise<Person | null> {
  return queryOne(db, sql<Person>`select ${PERSON} from person p where ${isEmailOf(email)}`)
}

/** The people of an agency, by when they came. */
export function listPeople(db: Db, agencyId: string): Promise<Person[]> {
  return query(
    db,
    sql<Person>`select ${PERSON} from person p where p.agency_id = ${agencyId} order by p.created_at, p.id`,
  )
}

/** Ends every session of theirs. */
export async function setPassword(tx: Tx, id: string, password: string): Promise<void> {
  await sql`update person set password = ${await hashPassword(password)} where id = ${id}`.execute(tx)
  await sql`delete from session where person_id = ${id}`.execute(tx)
  await callersChanged(tx)
}

export async function removePerson(tx: Tx, id: string): Promise<void> {
  await sql`delete from person where id = ${id}`.execute(tx)
  await sql`delete from recovery_code where person_id = ${id}`.execute(tx)
  await sql`delete from saved_filter where person_id = ${id}`.execute(tx)
  await shutOut(tx, id)
}

/** Null: they may sign in again. */
export async function setDisabled(tx: Tx, id: string, at: Date | null): Promise<void> {
  await sql`update person set disabled_at = ${at} where id = ${id}`.execute(tx)
  if (at !== null) await shutOut(tx, id)
}

/**
 * Ends their sessions and links, and the codes that nobody has exchanged yet. What was allowed stands: it is the
 * agency's.
 */
async function shutOut(tx: Tx, id: string): Promise<void> {
  await sql`delete from session where person_id = ${id}`.execute(tx)
  await sql`delete from person_link where person_id = ${id}`.execute(tx)
  await sql`delete from oauth_code where user_id = ${id} and grant_id is null`.execute(tx)
  await callersChanged(tx)
}

/** Who an app acts for where nobody signed in: the first of the agency's people who may sign in. */
export function findFirstPerson(db: Db, agencyId: string): Promise<Person | null> {
  return queryOne(
    db,
    sql<Person>`select ${PERSON} from person p where p.agency_id = ${agencyId}
      order by p.disabled_at is not null, p.created_at, p.id limit 1`,
  )
}

/** The person with this e-mail and password, or null. Takes equally long in both cases. */
export async function findByPassword(db: Db, email: string, password: string): Promise<Person | null> {
  const row = email.includes('\u0000')
    ? null
    : await queryOne(
        db,
        sql<Person & { password: string | null }>`
          select ${PERSON}, p.password from person p where ${isEmailOf(email)} and p.disabled_at is null`,
      )
  const right = await isPassword(row?.password ?? null, password)
  if (row === null || row.password === null || !right) return null
  // Only now is the password at hand.
  if (isOutdated(row.password)) {
    await sql`update person set password = ${await hashPassword(password)} where id = ${row.id}
        and password = ${row.password}`.execute(db)
    return findPerson(db, row.id)
  }
  const { password: _, ...person } = row
  return person
}

export async function namePerson(tx: Tx, id: string, name: string): Promise<void> {
  await sql`update person set name = ${name} where id = ${id}`.execute(tx)
}

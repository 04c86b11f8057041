import { createHash, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { bytes, type Db, queryOne, type Tx } from '../db/pool.ts'
import { AppError } from '../errors.ts'
import { PERSON, type Person } from './people.ts'
import { type SealedColumn, vaultOf } from './vault.ts'

const HOUR_MS = 3_600_000

/** What a link is for, and how long it can wait to be opened. */
export const LINK_LIFE_MS = {
  invitation: 7 * 24 * HOUR_MS,
  reset: 24 * HOUR_MS,
  'sign-in': 12 * HOUR_MS,
  'set-up': 24 * HOUR_MS,
} as const

export type LinkPurpose = keyof typeof LINK_LIFE_MS

export const SEALED_LINKS: SealedColumn = { table: 'person_link', column: 'sealed', id: "encode(hash, 'hex')" }

const placeOf = (hash: string) => ({ table: SEALED_LINKS.table, column: SEALED_LINKS.column, id: hash })

/** By which a link is known that nobody but its holder can say. */
const nameOf = (token: string) => createHash('sha256').update(token).digest('hex')
const hashOf = (token: string) => bytes(nameOf(token))

/**
 * Makes what a link carries: 256 random bits, of which only the hash is kept. An earlier one of the same purpose works
 * no more. `personId`: null for the set-up page, whose codes stand beside each other.
 */
export async function makeLink(
  tx: Tx,
  { personId, purpose }: { personId: string | null; purpose: LinkPurpose },
  atMs: number,
): Promise<{ token: string; expiresAtMs: number }> {
  const token = randomBytes(32).toString('base64url')
  const expiresAtMs = atMs + LINK_LIFE_MS[purpose]
  await sql`delete from person_link where person_id = ${personId} and purpose = ${purpose}`.execute(tx)
  await sql`
    insert into person_link (hash, person_id, purpose, created_at, expires_at)
    values (${hashOf(token)}, ${personId}, ${purpose}, ${new Date(atMs)}, ${new Date(expiresAtMs)})`.execute(tx)
  return { token, expiresAtMs }
}

/** Whose link it is: it is used up with this. 403 when it is none, was used, or has waited too long. */
export async function takeLink(
  tx: Tx,
  { token, purposes }: { token: string; purposes: readonly LinkPurpose[] },
  atMs: number,
): Promise<Person> {
  const person = await queryOne(
    tx,
    sql<Person>`
      with taken as (delete from person_link where hash = ${hashOf(token)} and expires_at > ${new Date(atMs)}
        and purpose = any(${purposes}::text[]) returning person_id)
      select ${PERSON} from person p join taken on taken.person_id = p.id where p.disabled_at is null`,
  )
  if (person === null) throw new AppError('link_spent')
  return person
}

/** What a mail brings, sealed until it is on its way. Answers the hash by which `findUnsent` has it back. */
export async function keepUnsent(tx: Tx, { token, link }: { token: string; link: string }): Promise<string> {
  const hash = nameOf(token)
  const sealed = vaultOf(tx).seal(placeOf(hash), link)
  await sql`update person_link set sealed = ${sealed} where hash = ${bytes(hash)}`.execute(tx)
  return hash
}

/** Null: it was sent, was used, has waited too long, or another one has taken its place. */
export async function findUnsent(
  db: Db,
  hash: string,
  atMs: number,
): Promise<{ person: Person; purpose: LinkPurpose; open: () => string } | null> {
  const row = await queryOne(
    db,
    sql<Person & { purpose: LinkPurpose; sealed: string }>`
      select ${PERSON}, l.purpose, l.sealed from person_link l join person p on p.id = l.person_id
      where l.hash = ${bytes(hash)} and l.expires_at > ${new Date(atMs)} and l.sealed is not null`,
  )
  if (row === null) return null
  const { purpose, sealed, ...person } = row
  return { person, purpose, open: () => vaultOf(db).open(placeOf(hash), sealed).toString() }
}

/** Only its hash is left. */
export async function forgetUnsent(db: Db, hash: string): Promise<void> {
  await sql`update person_link set sealed = null where hash = ${bytes(hash)}`.execute(db)
}

/**
 * Whether this is a code of the set-up page; all of them are used up with it. False also where somebody else was
 * quicker.
 */
export async function takeSetUpCode(tx: Tx, code: string, atMs: number): Promise<boolean> {
  const row = await queryOne(
    tx,
    sql`with taken as (delete from person_link where purpose = 'set-up' and exists (select 1 from person_link
          where hash = ${hashOf(code)} and purpose = 'set-up' and expires_at > ${new Date(atMs)}) returning hash)
        select 1 from taken where hash = ${hashOf(code)}`,
  )
  return row !== null
}

export async function forgetLinks(db: Db, atMs: number): Promise<void> {
  await sql`delete from person_link where expires_at <= ${new Date(atMs)}`.execute(db)
}

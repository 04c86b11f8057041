import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { sql } from 'kysely'
import { type Db, query, queryOne, type Tx } from '../db/pool.ts'
import { newId } from '../ids.ts'

/** Somebody who may allow apps on behalf of an agency. */
export interface Admin {
  id: string
  agencyId: string
  email: string
  name: string
  /** Changes with the password: sessions that began under another one have ended. */
  mark: string
}

/** What an e-mail looks like at least. */
export const EMAIL = /^[^@\s]+@[^@\s]+$/

const COLUMNS = sql`id, agency_id as "agencyId", email, name, left(encode(sha256(convert_to(password, 'UTF8')), 'hex'), 16) as mark`

/** 32 MB and about a quarter of a second of one core for each guess: as much as ASVS 5.0 (appendix C) asks of this N. */
const COST = { N: 32_768, r: 8, p: 3 }
const KEY_BYTES = 32

function derive(password: string, salt: Buffer, cost: { N: number; r: number; p: number }): Promise<Buffer> {
  const options: ScryptOptions = { ...cost, maxmem: 256 * cost.N * cost.r }
  return new Promise((resolve, reject) =>
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) => (error === null ? resolve(key) : reject(error))),
  )
}

async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt, COST)
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')].join('$')
}

/** Compared with where there is no such admin, so that an unknown e-mail takes as long as a wrong password. */
const NOBODY = `scrypt$${COST.N}$${COST.r}$${COST.p}$${'A'.repeat(22)}$${'A'.repeat(43)}`

/** Made with another cost than today's. */
const isOutdated = (stored: string) => !stored.startsWith(`scrypt$${COST.N}$${COST.r}$${COST.p}$`)

async function matches(stored: string, password: string): Promise<boolean> {
  const [, N, r, p, salt = '', key = ''] = stored.split('$')
  const derived = await derive(password, Buffer.from(salt, 'base64url'), { N: Number(N), r: Number(r), p: Number(p) })
  return timingSafeEqual(derived, Buffer.from(key, 'base64url'))
}

/** For somebody to be told once: 120 bits. */
export const newPassword = () => randomBytes(15).toString('base64url')

export async function createAdmin(tx: Tx, options: { agencyId: string; email: string; name: string; password: string }, atMs: number): Promise<Admin> {
  const password = await hashPassword(options.password)
  const row = await queryOne(
    tx,
    sql<Admin>`
      insert into admin (id, agency_id, email, name, password, created_at)
      values (${newId()}, ${options.agencyId}, ${options.email}, ${options.name}, ${password}, ${new Date(atMs)}) returning ${COLUMNS}`,
  )
  return row as Admin
}

export function findAdmin(db: Db, id: string): Promise<Admin | null> {
  return queryOne(db, sql<Admin>`select ${COLUMNS} from admin where id = ${id}`)
}

export function findByEmail(db: Db, email: string): Promise<Admin | null> {
  return queryOne(db, sql<Admin>`select ${COLUMNS} from admin where lower(email) = lower(${email})`)
}

export function listAdmins(db: Db, agencyId: string): Promise<Admin[]> {
  return query(db, sql<Admin>`select ${COLUMNS} from admin where agency_id = ${agencyId} order by created_at, id`)
}

export async function setPassword(tx: Db, id: string, password: string): Promise<void> {
  await sql`update admin set password = ${await hashPassword(password)} where id = ${id}`.execute(tx)
}

/** Ends the sessions too, and the codes that nobody has exchanged yet. What was allowed stands: it is the agency's. */
export async function removeAdmin(tx: Tx, id: string): Promise<void> {
  await sql`delete from admin where id = ${id}`.execute(tx)
  await sql`delete from oauth_code where user_id = ${id} and grant_id is null`.execute(tx)
}

/** Who an app acts for where nobody signed in: the agency's first admin. */
export function findFirstAdmin(db: Db, agencyId: string): Promise<Admin | null> {
  return queryOne(db, sql<Admin>`select ${COLUMNS} from admin where agency_id = ${agencyId} order by created_at, id limit 1`)
}

/** The admin with this e-mail and password, or null. Takes equally long in both cases. */
export async function findByPassword(db: Db, email: string, password: string): Promise<Admin | null> {
  const row = email.includes('\u0000')
    ? null
    : await queryOne(db, sql<Admin & { password: string }>`select ${COLUMNS}, password from admin where lower(email) = lower(${email})`)
  const right = await matches(row?.password ?? NOBODY, password)
  if (row === null || !right) return null
  // Only now is the password at hand. Earlier sessions end with it, as with any new hash.
  if (isOutdated(row.password)) {
    await setPassword(db, row.id, password)
    return findAdmin(db, row.id)
  }
  const { password: _, ...admin } = row
  return admin
}

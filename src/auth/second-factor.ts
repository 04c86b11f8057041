import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { Secret, TOTP } from 'otpauth'
import { bytes, type Db, queryOne, type Tx } from '../db/pool.ts'
import type { Person } from './people.ts'
import { type SealedColumn, vaultOf } from './vault.ts'

export const SEALED_TOTP_SECRETS: SealedColumn = { table: 'person', column: 'totp_sealed', id: 'id' }

const placeOf = (id: string) => ({ table: SEALED_TOTP_SECRETS.table, column: SEALED_TOTP_SECRETS.column, id })

const PERIOD_SECONDS = 30
const SECRET_BYTES = 20
/** Clocks differ: the code before and the next one are taken too. */
const WINDOW = 1
const RECOVERY_CODES = 10
const RECOVERY_BYTES = 10

const totpOf = (secret: Secret, label: string) =>
  new TOTP({ issuer: 'Tintype', label, secret, algorithm: 'SHA1', digits: 6, period: PERIOD_SECONDS })

/** A new secret, which counts once a code of it was shown (`confirmTotp`); the one before counts until then no more. */
export async function enrolTotp(tx: Tx, { id, email }: Person): Promise<{ secret: string; uri: string }> {
  const secret = new Secret({ size: SECRET_BYTES })
  const sealed = vaultOf(tx).seal(placeOf(id), secret.base32)
  await sql`update person set totp_sealed = ${sealed}, totp_confirmed_at = null, totp_step = null
      where id = ${id}`.execute(tx)
  return { secret: secret.base32, uri: totpOf(secret, email).toString() }
}

/** Whether somebody is asked for a code when they sign in. */
export async function hasSecondFactor(db: Db, personId: string): Promise<boolean> {
  const row = await queryOne(db, sql`select 1 from person where id = ${personId} and totp_confirmed_at is not null`)
  return row !== null
}

/** From now on a code is asked for. Answers the codes for the day the device is lost; null where the code is wrong. */
export async function confirmTotp(tx: Tx, personId: string, code: string, atMs: number): Promise<string[] | null> {
  if (!(await takeTotp(tx, personId, code, atMs))) return null
  await sql`update person set totp_confirmed_at = ${new Date(atMs)} where id = ${personId}`.execute(tx)
  return renewRecoveryCodes(tx, personId)
}

export async function switchOffTotp(tx: Tx, personId: string): Promise<void> {
  await sql`update person set totp_sealed = null, totp_confirmed_at = null, totp_step = null
      where id = ${personId}`.execute(tx)
  await sql`delete from recovery_code where person_id = ${personId}`.execute(tx)
}

/** Ten codes of 80 random bits, each of which works once; those from before work no more. */
export async function renewRecoveryCodes(tx: Tx, personId: string): Promise<string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, () => spaced(new Secret({ size: RECOVERY_BYTES }).base32))
  await sql`delete from recovery_code where person_id = ${personId}`.execute(tx)
  for (const code of codes)
    await sql`insert into recovery_code (person_id, hash) values (${personId}, ${hashOf(code)})`.execute(tx)
  return codes
}

const spaced = (code: string) => code.match(/.{4}/g)?.join('-') ?? code
const hashOf = (code: string) =>
  bytes(
    createHash('sha256')
      .update(code.toUpperCase().replace(/[^A-Z2-7]/g, ''))
      .digest('hex'),
  )

/** Whether a code of the device, or one for the day it is lost, is right. It works no second time. */
export async function takeCode(tx: Tx, personId: string, code: string, atMs: number): Promise<boolean> {
  if (/^\d{6}$/.test(code.replace(/\s/g, ''))) return takeTotp(tx, personId, code, atMs)
  const row = await queryOne(
    tx,
    sql`delete from recovery_code where person_id = ${personId} and hash = ${hashOf(code)} returning 1`,
  )
  return row !== null
}

async function takeTotp(tx: Tx, personId: string, code: string, atMs: number): Promise<boolean> {
  const row = await queryOne(
    tx,
    sql<{ sealed: string | null }>`select totp_sealed as sealed from person where id = ${personId}`,
  )
  if (row?.sealed == null) return false
  const secret = Secret.fromBase32(vaultOf(tx).open(placeOf(personId), row.sealed).toString())
  const delta = totpOf(secret, '').validate({ token: code.replace(/\s/g, ''), timestamp: atMs, window: WINDOW })
  if (delta === null) return false
  const step = Math.floor(atMs / 1000 / PERIOD_SECONDS) + delta
  const taken = await queryOne(
    tx,
    sql`update person set totp_step = ${step} where id = ${personId} and (totp_step is null or totp_step < ${step})
        returning 1`,
  )
  return taken !== null
}

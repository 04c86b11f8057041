import { createHmac, timingSafeEqual } from 'node:crypto'
import { type JWTPayload, jwtVerify, SignJWT } from 'jose'
import { sql } from 'kysely'
import { type Db, queryOne } from '../db/pool.ts'

/** What a signed token is for. One kind never passes for another. */
export type Audience = 'api' | 'sign-in' | 'browser'

const ALGORITHM = 'HS256'
const ISSUER = 'tintype'

/** The key never changes while an installation lives, so a pool asks for it once. */
const keys = new WeakMap<Db, Promise<Buffer>>()

/** The installation's secret. The migration that makes the table draws it. */
function keyOf(db: Db): Promise<Buffer> {
  let key = keys.get(db)
  if (key === undefined) {
    key = readKey(db)
    keys.set(db, key)
    key.catch(() => keys.delete(db))
  }
  return key
}

async function readKey(db: Db): Promise<Buffer> {
  const row = await queryOne(db, sql<{ secret: string }>`select secret from signing_key where id = 1`)
  if (row === null) throw new Error('the signing key is missing')
  return Buffer.from(row.secret, 'hex')
}

/** A keyed digest for one purpose, base64url. */
export async function digestFor(db: Db, purpose: string, text: string): Promise<string> {
  return createHmac('sha256', await keyOf(db))
    .update(`${purpose}\n${text}`)
    .digest('base64url')
}

/** Signs a token. The same payload at the same second gives the same token. */
export async function signToken(db: Db, audience: Audience, payload: JWTPayload, times: { issuedAtMs: number; lifeSeconds: number }): Promise<string> {
  const issuedAt = Math.floor(times.issuedAtMs / 1000)
  return new SignJWT(payload)
    .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
    .setIssuer(ISSUER)
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + times.lifeSeconds)
    .sign(await keyOf(db))
}

/** The payload of a token of ours that has not expired, or null. */
export async function verifyToken(db: Db, audience: Audience, token: string, atMs: number): Promise<JWTPayload | null> {
  const key = await keyOf(db)
  try {
    const options = { algorithms: [ALGORITHM], issuer: ISSUER, audience, currentDate: new Date(atMs), requiredClaims: ['exp'] }
    return (await jwtVerify(token, key, options)).payload
  } catch {
    // Whatever is wrong with it, it is not ours or not valid any more.
    return null
  }
}

/** Compares two texts in a time that tells nothing about where they differ. */
export function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}

import { createHmac, timingSafeEqual } from 'node:crypto'
import { decodeProtectedHeader, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import type { Db } from '../db/pool.ts'
import { type SigningKey, signingKeys } from './signing-keys.ts'

/** What a signed token is for. One kind never passes for another. */
export type Audience = 'api' | 'browser'

const ALGORITHM = 'HS256'
const ISSUER = 'tintype'

/** How long a token of each kind lives at most: so long a key that signs no more still tells its own. */
export const LIFE_SECONDS: Record<Audience, number> = { api: 86_400, browser: 90 * 86_400 }
/** What another process may have signed before it knew of a new key. */
const SLACK_MS = 60_000
export const LONGEST_LIFE_MS = Math.max(...Object.values(LIFE_SECONDS)) * 1000 + SLACK_MS

/** Keyed digests for one purpose, base64url: by the key that signs now first, then by those before it. */
export async function digestsFor(db: Db, purpose: string, text: string): Promise<[string, ...string[]]> {
  const digests = (await signingKeys(db)).map(({ secret }) =>
    createHmac('sha256', secret).update(`${purpose}\n${text}`).digest('base64url'),
  )
  return digests as [string, ...string[]]
}

/** Signs a token. The same payload at the same second gives the same token. */
export async function signToken(
  db: Db,
  audience: Audience,
  payload: JWTPayload,
  times: { issuedAtMs: number; lifeSeconds: number },
): Promise<string> {
  const issuedAt = Math.floor(times.issuedAtMs / 1000)
  const [key] = (await signingKeys(db)) as [SigningKey]
  return new SignJWT(payload)
    .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', kid: String(key.id) })
    .setIssuer(ISSUER)
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + times.lifeSeconds)
    .sign(key.secret)
}

/** The payload of a token of ours that has not expired, or null. */
export async function verifyToken(db: Db, audience: Audience, token: string, atMs: number): Promise<JWTPayload | null> {
  const key = await findKeyOf(db, token)
  if (key === null) return null
  try {
    const options = {
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      audience,
      currentDate: new Date(atMs),
      requiredClaims: ['exp'],
    }
    const { payload } = await jwtVerify(token, key.secret, options)
    return key.retiredAtMs !== null &&
      (payload.exp as number) * 1000 > key.retiredAtMs + LIFE_SECONDS[audience] * 1000 + SLACK_MS
      ? null
      : payload
  } catch {
    // Whatever is wrong with it, it is not ours or not valid any more.
    return null
  }
}

/** Signed before keys had names. */
const FIRST_KEY = '1'

/** The key that a token says it was signed with. Null: there is no such key, or this is no token. */
async function findKeyOf(db: Db, token: string): Promise<SigningKey | null> {
  let kid: string
  try {
    kid = decodeProtectedHeader(token).kid ?? FIRST_KEY
  } catch {
    return null
  }
  const find = (keys: readonly SigningKey[]) => keys.find(({ id }) => String(id) === kid)
  return find(await signingKeys(db)) ?? find(await signingKeys(db, { anew: true })) ?? null
}

/** Compares two texts in a time that tells nothing about where they differ. */
export function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}

import { sql } from 'kysely'
import { bytes, type Db, queryOne, type Tx } from '../db/pool.ts'
import { AppError } from '../errors.ts'
import { COLUMNS, type Grant, holds } from './grant.ts'
import { hashOf, type Issued, issue, REFRESH, type RefreshRow, sign } from './grant-tokens.ts'
import { replayOf, revokeGrant } from './grants.ts'
import { digestsFor } from './jwt.ts'

/** A refresh token that comes again this soon gets the same answer: the first one may have been lost on its way. */
const GRACE_MS = 30_000

/**
 * The next token is a function of this one and the installation's key, so it can be told again although only its hash
 * is kept. One for each key.
 */
const successorsOf = (db: Db, refreshToken: string) => digestsFor(db, 'refresh', refreshToken)

/**
 * New tokens for a refresh token of this app. The same one again within 30 seconds gets the same successor; later it
 * can only have been stolen, from the app or by it, so the whole allowance ends.
 */
export async function refreshGrant(tx: Tx, appId: string, refreshToken: string, atMs: number): Promise<Issued> {
  const refused = new AppError('grant_invalid', { reason: 'refresh token is invalid' })
  // The lock makes two at once into one after the other.
  const row = await queryOne(
    tx,
    sql<RefreshRow>`select ${REFRESH} from oauth_refresh where hash = ${bytes(hashOf(refreshToken))} for update`,
  )
  if (row === null || row.expiresAt.getTime() <= atMs) throw refused
  const grant = await queryOne(
    tx,
    sql<Grant>`select ${COLUMNS} from oauth_grant g where g.id = ${row.grantId} and g.app_id = ${appId}
        and ${holds(atMs)}`,
  )
  if (grant === null) throw refused
  const nexts = await successorsOf(tx, refreshToken)
  if (row.usedAt === null) {
    await sql`update oauth_refresh set used_at = ${new Date(atMs)} where hash = ${bytes(hashOf(refreshToken))}`.execute(
      tx,
    )
    return issue(tx, grant, nexts[0], atMs)
  }
  const successor = await findSuccessor(tx, nexts)
  if (successor === null || atMs - row.usedAt.getTime() > GRACE_MS) {
    await revokeGrant(tx, grant.id, atMs)
    throw new AppError(
      'grant_invalid',
      { reason: 'refresh token was used before; everything that follows from it is revoked' },
      { keepWrites: true, told: replayOf(grant) },
    )
  }
  return sign(
    tx,
    grant,
    { refreshToken: successor.token, accessId: successor.accessId, issuedAtMs: successor.issuedAt.getTime() },
    atMs,
  )
}

async function findSuccessor(tx: Tx, tokens: readonly string[]): Promise<(RefreshRow & { token: string }) | null> {
  for (const token of tokens) {
    const row = await queryOne(
      tx,
      sql<RefreshRow>`select ${REFRESH} from oauth_refresh where hash = ${bytes(hashOf(token))}`,
    )
    if (row !== null) return { ...row, token }
  }
  return null
}

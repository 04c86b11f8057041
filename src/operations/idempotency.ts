import { sql } from 'kysely'
import { bytes, json, queryOne, type Tx } from '../db/pool.ts'
import { AppError } from '../errors.ts'
import type { Answer } from './call.ts'

interface Claim {
  tokenId: string
  key: string
  operation: string
  requestHash: string
}

/**
 * Claims an Idempotency-Key in the call's own transaction. Null: the call is the first. A second call waits on the
 * row until the first has committed and gets its answer; another request under the same key is refused.
 */
export async function claimKey(tx: Tx, claim: Claim): Promise<Answer | null> {
  if (claim.key.length > 255)
    throw new AppError('bad_request', { reason: 'Idempotency-Key must be shorter than or equal to 255 characters' })
  const claimed = await queryOne(
    tx,
    sql`insert into idempotency (token_id, key, operation, request_hash)
        values (${claim.tokenId}, ${claim.key}, ${claim.operation}, ${bytes(claim.requestHash)})
        on conflict do nothing returning 1`,
  )
  if (claimed !== null) return null
  const row = await queryOne(
    tx,
    sql<{
      hash: string
      status: number
      body: unknown
    }>`select request_hash as hash, status, body from idempotency where token_id = ${claim.tokenId}
        and key = ${claim.key}`,
  )
  if (row?.hash !== claim.requestHash) throw new AppError('idempotency_reused')
  return { status: row.status, body: row.body }
}

/** A secret is shown once: a replayed answer says so in its place. */
const SECRETS = ['secret', 'link', 'uri'] as const
const REDACTED = '(shown once, in the first answer)'

export async function storeAnswer(tx: Tx, stored: { tokenId: string; key: string; answer: Answer }): Promise<void> {
  await sql`update idempotency set status = ${stored.answer.status}, body = ${json(withoutSecrets(stored.answer.body))}
            where token_id = ${stored.tokenId} and key = ${stored.key}`.execute(tx)
}

function withoutSecrets(body: unknown): unknown {
  if (body === null || typeof body !== 'object') return body ?? null
  const names = SECRETS.filter((name) => typeof (body as Record<string, unknown>)[name] === 'string')
  const hidden = Object.fromEntries(names.map((name) => [name, REDACTED]))
  return 'recoveryCodes' in body ? { ...body, ...hidden, recoveryCodes: [REDACTED] } : { ...body, ...hidden }
}

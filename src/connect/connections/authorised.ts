import { sql } from 'kysely'
import { json, type Tx } from '../../db/pool.ts'
import { canonicalJson, hashText } from '../../store/hash.ts'
import type { CodeGrant } from '../reading/poll-rules.ts'
import type { Authorised, Connection } from './connection.ts'
import type { Definition } from './versions.ts'

/** How a definition says that a person allows it. Null: it does not. */
export function codeGrantOf({ source: { poll } }: Definition): CodeGrant | null {
  const authorisation = poll?.authorisation
  return authorisation?.kind === 'oauth' && authorisation.grant === 'authorization_code' ? authorisation : null
}

/**
 * Where people come back to from a program. Each has an address of its own: what one of them was asked for is never taken
 * for the answer of another (RFC 9700, 4.4).
 */
export function redirectOf(publicUrl: string, grant: CodeGrant): string {
  const server = 'issuer' in grant ? [grant.issuer] : [grant.authorizeUrl, grant.tokenUrl]
  return `${publicUrl}/app/authorised/${hashText(canonicalJson(server)).slice(0, 16)}`
}

/** Null: the other program lets it in no more. The connection is held. */
export async function setAuthorised(
  tx: Tx,
  { locationId, id }: Pick<Connection, 'locationId' | 'id'>,
  authorised: Authorised | null,
): Promise<void> {
  await sql`update connection set authorised = ${authorised === null ? null : json(authorised)}
    where location_id = ${locationId} and id = ${id}`.execute(tx)
}

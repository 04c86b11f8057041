import { announce } from '../db/announce.ts'
import type { Tx } from '../db/pool.ts'
import type { Role } from './roles.ts'

/** The topic of notices that tokens ended or mean something else. */
export const CALLERS = 'callers'

/**
 * Tokens end, or mean something else, with this transaction: every process looks callers up anew. Call it wherever that
 * is so.
 */
export async function callersChanged(tx: Tx): Promise<void> {
  await announce(tx, CALLERS)
}

/** Who asks: what a valid token says, or the session of a person. */
export interface Caller {
  /** What it is known by: the token's id, the grant's, the app's, or the person's. */
  tokenId: string
  agencyId: string
  /** Null for an agency token, and for people where they do not speak for one location. */
  locationId: string | null
  scopes: readonly string[]
  unlimited: boolean
  /** Null: not before it is revoked. */
  expiresAtMs: number | null
  /** Who an OAuth access token speaks for; absent for private tokens. */
  oauth?: { appId: string; userId: string }
  /** An app that speaks for itself, in none of the places where it is installed (wire/hubspot.md, "Semantics"). */
  isApp?: boolean
  /** Somebody who signed in. `locationIds`: the only ones that there are for them; null: all of the agency. */
  person?: { id: string; role: Role; locationIds: readonly string[] | null; sessionId: string }
}

/** Whether somebody speaks for the whole of an agency: not for one of its locations, nor for some that were chosen. */
export const speaksForAll = ({ locationId, oauth, isApp = false, person }: Caller): boolean =>
  locationId === null && oauth === undefined && !isApp && (person?.locationIds ?? null) === null

/** Who a change is said to be of. */
export const actorOf = ({ person, tokenId }: Caller) =>
  person === undefined ? `token:${tokenId}` : `person:${tokenId}`

/** Whether one of these scopes is held, or all that there are. */
export const holdsOneOf = (held: readonly string[], wanted: readonly string[]) =>
  held.includes('*') || wanted.some((scope) => held.includes(scope))

/** A kind of asset or record, as far as it says who may read it. */
interface Readable {
  scopes: { read: string; write: string }
}

/** Either of these lets somebody read things of the kind. */
export const readingScopes = ({ scopes }: Readable) => [scopes.read, scopes.write]

/** Whether a caller may read things of a kind. */
export const mayRead = ({ scopes }: Pick<Caller, 'scopes'>, kind: Readable) => holdsOneOf(scopes, readingScopes(kind))

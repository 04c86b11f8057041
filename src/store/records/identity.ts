import type { Tx } from '../../db/pool.ts'
import { run } from '../../db/prepared.ts'
import { prepare } from '../../db/statements.ts'
import { emailKey } from '../natural-key.ts'

/**
 * What tells contacts apart. An empty e-mail or phone is nobody's; additional ones are a contact's own like the primary
 * ones.
 */
export interface Identity {
  email?: string | undefined
  phone?: string | undefined
  additionalEmails?: readonly string[] | undefined
  additionalPhones?: readonly string[] | undefined
}

const present = (values: readonly (string | undefined)[]) => [...new Set(values.filter((value) => value !== undefined))]
export const emailsOf = ({ email, additionalEmails = [] }: Identity) => [
  ...new Set(present([email, ...additionalEmails]).map(emailKey)),
]
export const phonesOf = ({ phone, additionalPhones = [] }: Identity) => present([phone, ...additionalPhones])

/** Everything that is somebody's own: no e-mail is a phone. */
export const ownOf = (identity: Identity): ReadonlySet<string> =>
  new Set([...emailsOf(identity), ...phonesOf(identity)])

/**
 * Lets one writer at a time ask for and take an e-mail or phone, until its transaction ends: of two simultaneous
 * requests for one person the second finds what the first made.
 */
export async function lockIdentity(tx: Tx, locationId: string, identity: Identity): Promise<void> {
  const names = lockNames(locationId, identity)
  if (names.length > 0) await run(tx, LOCK, [names])
}

const LOCK = prepare('select pg_advisory_xact_lock(hashtextextended(name, 0)) from unnest($1::text[]) name')

/** In one order for all, so that two never wait for each other in a circle. */
export const lockNames = (locationId: string, identity: Identity) =>
  [...ownOf(identity)].map((value) => `${locationId}/${value}`).sort()

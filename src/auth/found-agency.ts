import type { Tx } from '../db/pool.ts'
import { type AgencyRow, createAgency } from './agencies.ts'
import { newPassword } from './passwords.ts'
import { createPerson } from './people.ts'
import { createToken } from './tokens.ts'

export interface Founded {
  agency: AgencyRow
  /** Null where no e-mail was given. The password is to be told once. */
  admin: { email: string; password: string } | null
  /** Holds every scope, and can be read this once. */
  token: string
}

/**
 * An agency with its first token, and its owner where an e-mail is given: one that is nobody's yet, which the
 * caller has looked for.
 */
export async function foundAgency(
  tx: Tx,
  { name, email }: { name: string; email?: string | undefined },
  atMs: number,
): Promise<Founded> {
  const agency = await createAgency(tx, { name }, atMs)
  const admin = email === undefined ? null : { email, password: newPassword() }
  if (admin !== null) await createPerson(tx, { agencyId: agency.id, name: admin.email, role: 'owner', ...admin }, atMs)
  const { token } = await createToken(
    tx,
    { name: 'First token', agencyId: agency.id, locationId: null, scopes: ['*'] },
    atMs,
  )
  return { agency, admin, token }
}

import { SEALED_VERIFIERS } from './connection-authorisations.ts'
import { SEALED_CONNECTION_SECRETS } from './connection-secrets.ts'
import { SEALED_LINKS } from './person-links.ts'
import { SEALED_TOTP_SECRETS } from './second-factor.ts'
import { SEALED_SIGNING_KEYS } from './signing-keys.ts'
import type { SealedColumn } from './vault.ts'
import { SEALED_WEBHOOK_KEYS } from './webhook-keys.ts'
import { SEALED_WEBHOOK_SECRETS } from './webhook-secrets.ts'

/**
 * Everything in the database that is sealed: a new key from outside seals all of it anew. A test looks for columns that
 * are missing here.
 */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  SEALED_SIGNING_KEYS,
  SEALED_TOTP_SECRETS,
  SEALED_LINKS,
  SEALED_WEBHOOK_KEYS,
  SEALED_WEBHOOK_SECRETS,
  SEALED_CONNECTION_SECRETS,
  SEALED_VERIFIERS,
]

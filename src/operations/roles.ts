import type { Role } from '../auth/roles.ts'
import type { Operation } from './define.ts'

/** What decides who gets in: people, tokens, apps and what these were allowed. */
const isAccess = ({ scope }: Operation) => [scope].flat().some((one) => /^(people|tokens|apps|oauth)[./]/.test(one))

/**
 * THE table of roles: which of the operations that people can ask for at all each may. Whatever is added to the registry
 * has its roles by what it says of itself.
 */
const RULES: Record<Role, (operation: Operation) => boolean> = {
  owner: () => true,
  admin: () => true,
  operator: (operation) => !isAccess(operation),
  viewer: (operation) => !isAccess(operation) && operation.access === 'read',
  client: (operation) => !isAccess(operation) && operation.token !== 'agency',
}

/**
 * Whether a person of this role may ask for an operation; where, is a question of tenancy (`speakerOf`). What apps and the
 * operator ask for is theirs alone, and what concerns the own account is everybody's.
 */
export function mayAsk(role: Role, operation: Operation): boolean {
  const { token, oauthOnly } = operation
  if (token === 'person') return true
  return ['agency', 'location', 'either'].includes(token) && !oauthOnly && RULES[role](operation)
}

/** What somebody may do, from the most to the least (docs/decisions/0017). */
export const ROLES = ['owner', 'admin', 'operator', 'viewer', 'client'] as const

export type Role = (typeof ROLES)[number]

/** Whether this role looks after people, tokens and apps. */
export const managesAccess = (role: Role) => role === 'owner' || role === 'admin'

/** Who is signed in, as `GET /session` tells it. `locationIds`: null stands for all of the agency. */
export interface Session {
  person: { id: string; name: string; email: string; role: Role; locationIds: string[] | null }
  company: { id: string; name: string }
}

/** From the least to the most. A client sees chosen locations and nothing of the agency. */
export const ROLES = ['client', 'viewer', 'operator', 'admin', 'owner'] as const
export type Role = (typeof ROLES)[number]

export const mayAct = (session: Session, needed: Role): boolean =>
  ROLES.indexOf(session.person.role) >= ROLES.indexOf(needed)

let current: Session | null = null

/** Set by whoever has asked the server; calls name its company. */
export const rememberSession = (session: Session | null): void => {
  current = session
}

export const currentSession = (): Session | null => current

/** Where nobody can be signed in the server says so in the page, and need not be asked. */
export const hasNoCookie = (): boolean => document.documentElement.dataset.cookie === 'none'

/** Somebody has signed in since the page came. */
export const noteCookie = (): void => {
  delete document.documentElement.dataset.cookie
}

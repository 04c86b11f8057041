import { ROLES, type Role } from '../../api/session.ts'
import { texts } from './texts.ts'

/** The roles that somebody may give: only owners make owners. */
export const rolesFor = (own: Role) =>
  [...ROLES]
    .reverse()
    .filter((role) => role !== 'owner' || own === 'owner')
    .map((value) => ({
      value,
      label: texts.roles[value].label,
    }))

import { AppError } from '../../errors.ts'
import type { Operation } from '../../operations/define.ts'
import type { Registry } from '../../operations/registry.ts'
import { isTool } from './tools.ts'

/** Which tools a client wants to see in its list, and whether it is to read only. */
export interface Choice {
  groups: ReadonlySet<string> | 'all'
  access: 'read' | 'all'
}

/** What most people come for. A token sees of them what it may call: some seventy tools at most. */
export const STANDARD_GROUPS = ['snapshots', 'locations', 'contacts', 'opportunities', 'journal'] as const

/** A group is a category of the catalogue: `Calendars & Appointments` is `calendars-appointments`. */
export const groupOf = ({ category }: Operation) =>
  category
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')

export const groupsOf = (registry: Registry) => [...new Set(registry.all.filter(isTool).map(groupOf))]

/** From the query of the address: `groups` (names, `all` or `none`), `access` (`read` or `all`). */
export function readChoice(registry: Registry, query: Record<string, unknown>): Choice {
  const { groups = STANDARD_GROUPS.join(','), access = 'all' } = query
  if (access !== 'read' && access !== 'all') throw new AppError('bad_request', { reason: 'access must be read or all' })
  if (groups === 'all') return { groups, access }
  const known = groupsOf(registry)
  const named = String(groups)
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'none')
  const unknown = named.filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    const reason = `There is no group ${unknown[0]?.slice(0, 100)}. Groups: all, none, ${known.join(', ')}`
    throw new AppError('bad_request', { reason })
  }
  return { groups: new Set(named), access }
}

export const isChosen = ({ groups }: Choice, operation: Operation) => groups === 'all' || groups.has(groupOf(operation))

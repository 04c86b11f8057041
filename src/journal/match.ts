import { holdsOneOf } from '../auth/caller.ts'
import { readScopesOf } from '../objects/index.ts'
import { passes } from './filters.ts'
import { eventOf, type Happening } from './happenings.ts'
import type { Told } from './segments.ts'
import type { Admitted, Condition, SubscriptionType } from './subscriptions.ts'

/** Which subscription is told of what. */
const TYPE_OF: Readonly<Record<Happening['type'], SubscriptionType>> = {
  crmObject: 'OBJECT',
  association: 'ASSOCIATION',
  listMembership: 'LIST_MEMBERSHIP',
  app_lifecycle_event: 'APP_LIFECYCLE_EVENT',
}

/** Filters ask about what a record is like, so of its creation and its changes only. */
const FILTERED = ['CREATE', 'UPDATE']

const allows = (list: readonly string[], value: string | undefined) =>
  list.length === 0 || (value !== undefined && list.includes(value))

const mayRead = ({ granted, scopes }: Admitted, typeId: string) =>
  [granted, scopes ?? granted].every((held) => holdsOneOf(held, readScopesOf(typeId)))

/** The event for whoever listens; null: it is none for them. `isOwn`: that app itself did it. */
export function tell(listener: Admitted, happening: Happening, isOwn: () => boolean): Told | null {
  const { action } = happening
  const type = action === 'GDPR_DELETE' ? 'GDPR_PRIVACY_DELETION' : TYPE_OF[happening.type]
  if (listener.type !== type || listener.locationId !== happening.locationId) return null
  if (!listener.actions.includes(action) || happening.seq < listener.since) return null
  if (happening.appId !== undefined && happening.appId !== listener.appId) return null
  if (type === 'APP_LIFECYCLE_EVENT' && happening.eventTypeId !== listener.eventTypeId) return null
  if (type !== 'APP_LIFECYCLE_EVENT' && type !== 'LIST_MEMBERSHIP' && listener.objectTypeId !== happening.objectTypeId)
    return null
  if (!allows(listener.objectIds, happening.objectId)) return null
  if (type === 'ASSOCIATION' && !allows(listener.associatedObjectTypeIds, happening.otherTypeId)) return null
  if (type === 'LIST_MEMBERSHIP' && !allows(listener.listIds, happening.listId)) return null
  if (action === 'UPDATE' && listener.properties.length > 0) {
    const changes = happening.changes ?? {}
    if (!listener.properties.some((name) => Object.hasOwn(changes, name))) return null
  }
  const filters = listener.filters.filter(({ since }) => since < happening.seq)
  if (FILTERED.includes(action) && filters.length > 0) {
    const propertyOf = happening.propertyOf ?? (() => null)
    const hasSeveral = happening.hasSeveral ?? (() => false)
    const all = (conditions: readonly Condition[]) => conditions.every((one) => passes(one, propertyOf, hasSeveral))
    if (!filters.some(({ conditions }) => all(conditions))) return null
  }
  if (!happening.tellsOf.every((typeId) => mayRead(listener, typeId))) return null
  if (listener.excludesOwn && isOwn()) return null
  return { locationId: happening.locationId, text: eventOf(happening, listener.properties) }
}

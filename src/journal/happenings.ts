/** What happened to one record, or between two, as any app could be told of it. */
export interface Happening {
  /** `association` has two ends; a merge, a deletion and all else is of one record. */
  type: 'crmObject' | 'association' | 'listMembership' | 'app_lifecycle_event'
  action: string
  /** Its number in the inbox. */
  seq: number
  /** Unlike any other, for good. */
  eventId: string
  /** Empty: of no location. */
  locationId: string
  portalId: number | null
  at: Date
  actor: string | null
  /** What says which record, or which two, in the words of the wire. */
  subject: Readonly<Record<string, unknown>>
  /** The type and id of the record that subscriptions name. */
  objectTypeId: string
  objectId: string
  /** The types of all objects that it tells of: nobody is told who may not read each of them. */
  tellsOf: readonly string[]
  /** Of an association: the type of its other end. */
  otherTypeId?: string
  /** Property -> [old, new]. */
  changes?: Readonly<Record<string, readonly [string | null, string | null]>>
  /** Of lists: the list. */
  listId?: string
  /** Of the life of an app: the app, and what kind of event. */
  appId?: string
  eventTypeId?: string
  /** A property as it was after this. */
  propertyOf?: (property: string) => string | null
  /** Whether a property has several values, as in `a;b`. */
  hasSeveral?: (property: string) => boolean
}

/** An event as it stands in a file (wire/hubspot.md, "Shapes"), with what we add. */
export function eventOf(happening: Happening, properties: readonly string[]): string {
  const { type, portalId, at, action, subject, eventId, actor } = happening
  const wanted = properties.length === 0 ? null : new Set(properties)
  const changes =
    happening.changes === undefined
      ? null
      : Object.entries(happening.changes).filter(([name]) => wanted === null || wanted.has(name))
  return JSON.stringify({
    type,
    portalId: portalId ?? undefined,
    occurredAt: at.toISOString(),
    action,
    ...subject,
    ...(changes === null
      ? {}
      : {
          propertyChanges: Object.fromEntries(changes.map(([name, [, now]]) => [name, now])),
          previousValues: Object.fromEntries(changes.map(([name, [before]]) => [name, before])),
        }),
    eventId,
    actor: actor ?? undefined,
  })
}

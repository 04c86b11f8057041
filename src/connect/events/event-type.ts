import type { Committed } from '../../journal/index.ts'
import type { AssetDocument } from '../../store/assets/index.ts'
import type { RecordDocument } from '../../store/records/index.ts'

/** What has committed, as events see it. */
export interface Change {
  row: Committed
  /** Created, changed or deleted. One that took in others has changed; one that came back was created. */
  act: 'create' | 'update' | 'delete'
  /** As it was after this. Of what is gone: as it was before. */
  now: RecordDocument
  /** Fields that are others: field -> [old, new]. */
  delta: Readonly<Record<string, readonly [unknown, unknown]>>
}

/** What bodies tell of beside the record itself. */
export interface Known {
  /** Associations by location and id. */
  association(locationId: string, id: unknown): AssetDocument | undefined
  /** The group that a calendar is in. */
  groupOf(locationId: string, calendarId: unknown): unknown
  contact(locationId: string, id: unknown): RecordDocument | undefined
  locationName(id: string): string | undefined
  companyName(id: string): string | undefined
}

/** Something that is told to whoever listens (wire/highlevel/webhooks). */
export interface EventType {
  /** As endpoints name it, and as bodies say it where they say nothing else. */
  type: string
  /** The kind of record or asset; `app` and `location`: their lives. */
  kind: string
  /** One of these says that somebody may read such things. None: it tells nothing of what is in a location. */
  scopes: readonly string[]
  /** To apps alone. */
  onlyApps?: boolean
  is(change: Change): boolean
  body(change: Change, known: Known): Record<string, unknown>
}

interface Scoped {
  kind: string
  scopes: { read: string; write: string }
}

type Body = EventType['body']
type Is = EventType['is']

export const event = (type: string, { kind, scopes }: Scoped, is: Is, body: Body): EventType => ({
  type,
  kind,
  scopes: [scopes.read, scopes.write],
  is,
  body,
})

export const isCreated: Is = ({ act }) => act === 'create'
export const isUpdated: Is = ({ act }) => act === 'update'
export const isDeleted: Is = ({ act }) => act === 'delete'
/** One of these fields is another than before. */
export const hasChanged =
  (...fields: string[]): Is =>
  ({ act, delta }) =>
    act === 'update' && fields.some((field) => Object.hasOwn(delta, field))
/** The field has come to be this. */
export const becomes =
  (field: string, value: unknown): Is =>
  ({ act, delta, now }) =>
    now[field] === value && (act === 'create' || (act === 'update' && Object.hasOwn(delta, field)))

/** When the record was made. */
export const madeAt = ({ row }: Change): string => (row.createdAt ?? row.at).toISOString()

/** These fields, as they are called here too; what is not there is left out. */
export const fields = (document: RecordDocument, ...names: string[]): Record<string, unknown> =>
  Object.fromEntries(names.flatMap((name) => (document[name] === undefined ? [] : [[name, document[name]]])))

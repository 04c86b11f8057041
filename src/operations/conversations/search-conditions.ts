import { sql } from 'kysely'
import { type Static, Type } from 'typebox'
import { invalid } from '../../errors.ts'
import { contacts } from '../../resources/records/contacts.ts'
import { MESSAGE_TYPE_NAMES } from '../../resources/records/message-types.ts'
import {
  allOf,
  anyOf,
  type Condition,
  type Cursor,
  equals,
  hasId,
  hasTerm,
  isAbsent,
  isCreatedBetween,
  isOneOf,
  matchesWords,
  not,
  type OrderKey,
  refersTo,
} from '../../store/records/index.ts'
import { Id } from '../schemas.ts'

const UserIds = (description: string) => Type.Optional(Type.String({ maxLength: 2000, description }))
const Millis = () =>
  Type.Optional(Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000, description: 'Milliseconds since 1970.' }))
const Score = () => Type.Optional(Type.Number({ minimum: -1e9, maximum: 1e9 }))
const SORTS = ['last_manual_message_date', 'last_message_date', 'score_profile', 'overdue_at', 'due_at'] as const

/**
 * wire/highlevel/conversations.json: search-conversation. Scores and due dates do not exist here: sorting by them is
 * sorting by the last message.
 */
const searchInput = {
  locationId: Id(),
  contactId: Type.Optional(Id()),
  assignedTo: UserIds('Users, separated by commas; `unassigned` for nobody.'),
  followers: UserIds('Users, separated by commas.'),
  mentions: UserIds('Users, separated by commas.'),
  query: Type.Optional(
    Type.String({
      maxLength: 500,
      description: 'Words of the name, e-mail or phone of the contact, or of the last message.',
    }),
  ),
  sort: Type.Optional(Type.Enum(['asc', 'desc'])),
  sortBy: Type.Optional(Type.Enum(SORTS)),
  startAfterDate: Type.Optional(
    Type.Unsafe<string | string[]>({
      type: ['string', 'array'],
      maxLength: 200,
      maxItems: 2,
      items: { type: 'string', maxLength: 100 },
      description:
        '`sort` of the last conversation received: the date in milliseconds. With `id`, or the id behind a comma, none ' +
        'of that moment is left out or comes twice.',
    }),
  ),
  id: Type.Optional(Id('The conversation itself; beside `startAfterDate`: the last one received.')),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: 'Default 20.' })),
  lastMessageType: Type.Optional(Type.Enum(MESSAGE_TYPE_NAMES)),
  lastMessageAction: Type.Optional(Type.Enum(['automated', 'manual'])),
  lastMessageDirection: Type.Optional(Type.Enum(['inbound', 'outbound'])),
  status: Type.Optional(Type.Enum(['all', 'read', 'unread', 'starred', 'recents'])),
  sortScoreProfile: Type.Optional(Id()),
  scoreProfile: Type.Optional(Id()),
  scoreProfileMin: Score(),
  scoreProfileMax: Score(),
  startDate: Millis(),
  endDate: Millis(),
}
export const SearchInput = Type.Object(searchInput, { additionalProperties: false })
type Search = Static<typeof SearchInput>

const toDate = (ms: number | undefined) => (ms === undefined ? null : new Date(ms))
const listOf = (text: string) =>
  text
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '')

const STATUS: Record<string, () => Condition[]> = {
  read: () => [equals('unreadCount', 0)],
  unread: () => [not(equals('unreadCount', 0))],
  starred: () => [equals('starred', true)],
}

export function conditionsOf(locationId: string, search: Search): Condition[] {
  const ofContact = (where: Condition) => refersTo('contactId', contacts, locationId, where)
  const wanted: Condition[] = [...(STATUS[search.status ?? 'all']?.() ?? [])]
  if (search.contactId !== undefined) wanted.push(equals('contactId', search.contactId))
  if (search.id !== undefined && search.startAfterDate === undefined) wanted.push(hasId([search.id]))
  if (search.lastMessageType !== undefined) wanted.push(equals('lastMessageType', search.lastMessageType))
  if (search.lastMessageAction !== undefined) wanted.push(equals('lastOutboundMessageAction', search.lastMessageAction))
  if (search.lastMessageDirection !== undefined)
    wanted.push(equals('lastMessageDirection', search.lastMessageDirection))
  if (search.startDate !== undefined || search.endDate !== undefined)
    wanted.push(isCreatedBetween(toDate(search.startDate), toDate(search.endDate)))
  if (search.assignedTo !== undefined) {
    const users = listOf(search.assignedTo)
    const named = anyOf(users.flatMap((id) => hasTerm(locationId, 'assignedTo', id) ?? []))
    const nobody = users.includes('unassigned') ? [isAbsent('assignedTo')] : []
    wanted.push(ofContact(anyOf([allOf([named, isOneOf('assignedTo', users)]), ...nobody])))
  }
  if (search.followers !== undefined)
    wanted.push(ofContact(anyOf(listOf(search.followers).flatMap((id) => hasTerm(locationId, 'followers', id) ?? []))))
  // Messages carry no mentions, conversations no scores.
  if (search.mentions !== undefined || search.scoreProfile !== undefined) wanted.push(anyOf([]))
  const words = search.query === undefined ? null : matchesWords(locationId, search.query)
  if (words !== null) wanted.push(anyOf([words, ofContact(words)]))
  return wanted
}

/** Instants are stored as ISO 8601 in UTC, so their texts order as they do. The index is of this very expression. */
export function orderOf({ sort = 'desc', sortBy }: Search): OrderKey {
  const descending = sort === 'desc'
  if (sortBy !== 'last_manual_message_date')
    return { key: sql`((doc->>'lastMessageDate') collate "C")`, type: 'text', descending, nullable: false }
  return { key: sql`((doc->>'lastManualMessageDate') collate "C")`, type: 'text', descending, nullable: true }
}

type Start = { place: number; id: string | undefined }

/** Behind which conversation to go on. One without a date, as those have that nobody wrote in, goes by its id alone. */
export function startOf({ startAfterDate, id }: Search): Start | Cursor | undefined {
  const [date, after = id] = [startAfterDate ?? []].flat().flatMap((part) => part.split(','))
  if (date === undefined || date === '') return undefined
  const place = /^\d+(\.\d+)?$/.test(date) ? Number(date) : Date.parse(date)
  if (date === 'null') return [null, after]
  if (Number.isNaN(place) || Math.abs(place) > LAST_MS)
    throw invalid(['startAfterDate must be an ISO 8601 date or a number of milliseconds'])
  return { place, id: after }
}

const LAST_MS = 253_402_300_799_999

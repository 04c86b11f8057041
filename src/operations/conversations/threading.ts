import { sql } from 'kysely'
import { texts } from '../../db/pool.ts'
import { conversations } from '../../resources/records/conversations.ts'
import { messages } from '../../resources/records/messages.ts'
import { createRecords, hasId, isOneOf, listRecords, updateRecords } from '../../store/records/index.ts'
import type { Context } from '../define.ts'
import { afterMessage, lockKeyOf, type MessageRow, newConversation } from './threads.ts'
import type { ConversationDocument } from './wire.ts'

/**
 * Puts messages that were told to be with a contact, or with nobody any more, into that contact's conversation, or out
 * of any: the same few statements, however many. The caller holds them, and their contacts.
 */
export async function threadMessages(ctx: Context, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const { scope } = ctx
  const rows = (await listRecords(scope.tx, messages, ctx.locationId, { where: hasId([...ids]) })) as MessageRow[]
  const contactIds = [...new Set(rows.flatMap(({ document }) => document.contactId ?? []))].sort()
  const known = await conversationsOf(ctx, contactIds)
  const placeOf = ({ contactId }: MessageRow['document']) =>
    contactId === undefined ? undefined : known.get(contactId)
  const moved = rows.filter(({ document }) => document.conversationId !== placeOf(document))
  await updateRecords(scope, messages, hasId(moved.map(({ id }) => id)), ({ document }) => ({
    ...document,
    conversationId: placeOf(document as MessageRow['document']),
  }))
  const arrived = Map.groupBy(
    moved.toSorted((one, other) => one.createdAt.getTime() - other.createdAt.getTime()),
    ({ document }) => placeOf(document),
  )
  const reached = [...arrived.keys()].filter((id) => id !== undefined)
  await updateRecords(scope, conversations, hasId(reached), ({ id, document }) =>
    (arrived.get(id) ?? []).reduce(
      (conversation, message) => afterMessage(conversation, message.document, message.createdAt),
      document as unknown as ConversationDocument,
    ),
  )
}

/** By contact; begun where there is none. One writer at a time begins a contact's conversation. */
async function conversationsOf(ctx: Context, contactIds: readonly string[]): Promise<Map<string, string>> {
  if (contactIds.length === 0) return new Map()
  const keys = contactIds.map((id) => lockKeyOf(ctx, id))
  await sql`select pg_advisory_xact_lock(hashtextextended(key, 0)) from unnest(${texts(keys)}) key`.execute(ctx.tx)
  const where = isOneOf('contactId', contactIds)
  const found = await listRecords(ctx.tx, conversations, ctx.locationId, { where })
  const known = new Map(found.map(({ id, document }) => [String(document.contactId), id]))
  const missing = contactIds.filter((id) => !known.has(id))
  const begun = await createRecords(
    ctx.scope,
    conversations,
    missing.map((id) => ({ document: newConversation(ctx, id) })),
  )
  for (const { id, document } of begun) known.set(String(document.contactId), id)
  return known
}

import { inTransaction } from '../db/transaction.ts'
import { contacts } from '../resources/records/contacts.ts'
import { CHANNEL_NAMES, CHANNELS, dndOf } from '../resources/records/message-types.ts'
import { messages } from '../resources/records/messages.ts'
import { allOf, equals, findRecord, hasId, updateRecords } from '../store/records/index.ts'
import type { JobContext } from './context.ts'

type Message = (typeof messages)['examples'][number]

/**
 * The hour of a scheduled message has come: it waits to be delivered, unless it was cancelled or deleted. Who has opted
 * out since it was written does not get it.
 */
export async function releaseMessage({ db, clock }: JobContext, payload: unknown): Promise<void> {
  const { locationId, messageId } = payload as { locationId: string; messageId: string }
  await inTransaction(db, async (tx) => {
    const message = await findRecord<Message>(tx, messages, locationId, messageId)
    const contact =
      message?.document.contactId && (await findRecord(tx, contacts, locationId, message.document.contactId))
    const channel = CHANNEL_NAMES.find((name) => CHANNELS[name].messageType === message?.document.messageType)
    const refused = contact && channel ? dndOf(contact.document, channel) : null
    const outcome =
      refused === null
        ? { status: 'pending' }
        : { status: 'failed', error: { code: 'dnd', type: 'schedule', message: refused } }
    const author = { actor: 'system', cause: 'schedule', atMs: clock.nowMs() }
    const due = allOf([hasId([messageId]), equals('status', 'scheduled')])
    await updateRecords(
      { tx, locationId, author },
      messages,
      due,
      ({ document: { scheduledFor: _, ...document } }) => ({ ...document, ...outcome }),
    )
  })
}

import { conversations } from '../../resources/records/conversations.ts'
import { messages } from '../../resources/records/messages.ts'
import { type Change, type EventType, event, fields, madeAt } from './event-type.ts'

interface Call {
  status?: string
  durationSeconds?: number
}

/** `TYPE_SMS` is SMS there, and an e-mail is Email. */
const typeOf = ({ now }: Change) => {
  const name = String(now.messageType).replace(/^TYPE_/, '')
  return name.endsWith('EMAIL') ? 'Email' : name
}

function message(change: Change): Record<string, unknown> {
  const { now, row } = change
  const call = now.call as Call | undefined
  return {
    ...fields(now, 'attachments'),
    body: now.html ?? now.body ?? '',
    ...fields(now, 'contactId', 'contentType', 'conversationId'),
    dateAdded: madeAt(change),
    ...fields(now, 'direction'),
    messageType: typeOf(change),
    messageId: row.entityId,
    ...fields(now, ...'emailMessageId threadId subject from to cc bcc userId source'.split(' ')),
    // Of a call it is how that went.
    status: call?.status ?? now.status,
    ...(call === undefined ? {} : { callDuration: call.durationSeconds ?? 0, callStatus: call.status }),
    ...fields(now, 'conversationProviderId'),
  }
}

/** To the program that carries what is sent: its type is the channel. */
function forProvider(change: Change): Record<string, unknown> {
  const { now, row } = change
  const isEmail = typeOf(change) === 'Email'
  return {
    ...fields(now, 'contactId'),
    messageId: row.entityId,
    type: isEmail ? 'Email' : 'SMS',
    ...fields(now, 'attachments', 'userId'),
    ...(isEmail
      ? {
          ...fields(now, 'emailMessageId', 'html', 'subject'),
          emailTo: now.to ?? [],
          ...(now.from === undefined ? {} : { emailFrom: now.from }),
        }
      : { phone: now.toNumber, message: now.body ?? '' }),
  }
}

/** What is planned is sent when its hour comes. */
function isSent({ act, now, delta }: Change): boolean {
  if (now.direction !== 'outbound') return false
  if (act === 'create') return now.status !== 'scheduled'
  return act === 'update' && delta.status?.[0] === 'scheduled' && now.status === 'pending'
}

export const conversationEvents: EventType[] = [
  event('InboundMessage', messages, ({ act, now }) => act === 'create' && now.direction === 'inbound', message),
  event('OutboundMessage', messages, isSent, message),
  event(
    'ProviderOutboundMessage',
    messages,
    (change) => isSent(change) && change.now.conversationProviderId !== undefined,
    forProvider,
  ),
  event(
    'ConversationUnreadUpdate',
    conversations,
    ({ act, now, delta }) => (act === 'create' ? now.unreadCount !== 0 : act === 'update' && 'unreadCount' in delta),
    ({ now, row }) => ({
      id: row.entityId,
      ...fields(now, 'contactId', 'unreadCount', 'inbox', 'starred'),
      deleted: false,
    }),
  ),
]

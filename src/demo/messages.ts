import { afterMessage, type ConversationDocument, type MessageDocument } from '../operations/conversations/index.ts'
import { CALL_TYPES, MESSAGE_TYPE_NAMES, type MessageType } from '../resources/records/message-types.ts'
import type { Dice } from './chance.ts'
import { DEMO_NOW_MS, type DemoRecord, demoId } from './people.ts'

const TALKS = 400
const QUESTIONS = [
  'Is the first Saturday in June still free?',
  'Could you send me your prices?',
  'Do you also photograph small weddings?',
  'Can we meet next week?',
  'Thank you, we love the pictures!',
]
const ANSWERS = [
  'Yes, it is. Shall I keep it for you?',
  'Here is our price list.',
  'Gladly. Tell us more about your day.',
  'How about Tuesday at ten?',
  'It was a pleasure.',
]
const COMMON: readonly MessageType[] = [
  'TYPE_SMS',
  'TYPE_SMS',
  'TYPE_EMAIL',
  'TYPE_WHATSAPP',
  'TYPE_FACEBOOK',
  'TYPE_INSTAGRAM',
  'TYPE_LIVE_CHAT',
  'TYPE_CALL',
]

export interface DemoTalk {
  conversations: DemoRecord[]
  messages: DemoRecord[]
  /** The call that has a recording and a transcription. */
  call: DemoRecord
}

/** Conversations of the first people. The first one holds a message of each type that the wire knows. */
export function demoTalk(dice: Dice, people: readonly DemoRecord[]): DemoTalk {
  const conversations: DemoRecord[] = []
  const messages: DemoRecord[] = []
  for (const [n, contact] of people.slice(0, TALKS).entries()) {
    const id = demoId('conversations', n)
    const types = n === 0 ? MESSAGE_TYPE_NAMES : Array.from({ length: 2 + dice.roll(8) }, () => dice.pick(COMMON))
    const beganMs = DEMO_NOW_MS - (TALKS - n) * 3_600_000 * 3 - types.length * 600_000
    let document: ConversationDocument = {
      contactId: contact.id,
      type: 'TYPE_PHONE',
      inbox: true,
      starred: dice.once(20),
      unreadCount: 0,
      lastMessageDate: new Date(beganMs).toISOString(),
    }
    for (const [index, messageType] of types.entries()) {
      const inbound = index % 2 === 0
      const isRead = !inbound || index < types.length - 1 || dice.once(2)
      const message = demoMessage(dice, {
        conversationId: id,
        contact,
        messageType,
        inbound,
        isRead,
        number: messages.length,
      })
      const createdAtMs = beganMs + index * 600_000
      document = afterMessage(document, message, new Date(createdAtMs))
      messages.push({ id: demoId('messages', messages.length), document: message, createdAtMs })
    }
    conversations.push({ id, document, createdAtMs: beganMs })
  }
  return {
    conversations,
    messages,
    call: messages.find(({ document }) => document.messageType === 'TYPE_CALL') as DemoRecord,
  }
}

interface Line {
  conversationId: string
  contact: DemoRecord
  messageType: MessageType
  inbound: boolean
  isRead: boolean
  number: number
}

function demoMessage(
  dice: Dice,
  { conversationId, contact, messageType, inbound, isRead, number }: Line,
): MessageDocument {
  const { email, phone } = contact.document as { email: string; phone: string }
  const body = dice.pick(inbound ? QUESTIONS : ANSWERS)
  const common = {
    conversationId,
    contactId: contact.id,
    messageType,
    direction: inbound ? 'inbound' : 'outbound',
    status: isRead ? 'read' : 'delivered',
    source: 'app',
    attachments: [] as string[],
  } as const
  if (CALL_TYPES.includes(messageType)) {
    const [from, to] = inbound ? [phone, '+15550142'] : ['+15550142', phone]
    return {
      ...common,
      contentType: 'text/plain',
      call: { from, to, status: 'completed', durationSeconds: 30 + dice.roll(600) },
    }
  }
  if (!messageType.includes('EMAIL')) return { ...common, contentType: 'text/plain', body }
  const [from, to] = inbound ? [email, 'studio@northlight.example'] : ['studio@northlight.example', email]
  const mail = {
    emailMessageId: demoId('emails', number),
    subject: 'Your wedding',
    html: `<p>${body}</p>`,
    from,
    to: [to],
    cc: [],
    bcc: [],
  }
  return { ...common, contentType: 'text/html', ...mail }
}

export function demoTranscription({ id, document, createdAtMs }: DemoRecord): DemoRecord {
  const said = [
    'Northlight Studio, good morning.',
    'Good morning! Is the first Saturday in June still free?',
    'Yes, it is. Shall I keep it for you?',
    'Please do.',
  ]
  const sentences = said.map((transcript, sentenceIndex) => ({
    mediaChannel: 1 + (sentenceIndex % 2),
    sentenceIndex,
    startTime: sentenceIndex * 2500,
    endTime: sentenceIndex * 2500 + 2200,
    transcript,
    confidence: 0.96,
  }))
  return {
    id,
    document: { conversationId: document.conversationId, contactId: document.contactId, sentences },
    createdAtMs,
  }
}

const RATE = 8000

/** Two seconds of a dial tone: a WAV file of 8-bit samples. */
export function demoSound(): Buffer {
  const samples = Buffer.alloc(RATE * 2)
  for (let at = 0; at < samples.length; at++)
    samples[at] = 128 + Math.round(40 * Math.sin((2 * Math.PI * 425 * at) / RATE))
  const header = Buffer.alloc(44)
  header.write('RIFF', 0, 'ascii')
  header.writeUInt32LE(36 + samples.length, 4)
  header.write('WAVEfmt ', 8, 'ascii')
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(RATE, 24)
  header.writeUInt32LE(RATE, 28)
  header.writeUInt16LE(1, 32)
  header.writeUInt16LE(8, 34)
  header.write('data', 36, 'ascii')
  header.writeUInt32LE(samples.length, 40)
  return Buffer.concat([header, samples])
}

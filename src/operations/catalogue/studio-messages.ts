import { deriveId } from '../../ids.ts'
import { contactId, conversationId, locationId, userId } from './studio.ts'
import { contact } from './studio-people.ts'

/* What the studio of the samples and its customer say to each other. */

const id = (name: string) => deriveId('id20', 'larkspur', 'message', name)
const talk = { locationId, contactId, conversationId }
const SENT_MS = 1_772_463_845_000
const sentAt = new Date(SENT_MS).toISOString()

export const conversation = {
  id: conversationId,
  locationId,
  contactId,
  assignedTo: userId,
  type: 1,
  inbox: true,
  starred: false,
  deleted: false,
  unreadCount: 1,
  lastMessageBody: 'Is the 20th of June still free?',
  lastMessageDate: sentAt,
  lastMessageType: 'TYPE_SMS',
  lastMessageDirection: 'inbound',
  dateAdded: sentAt,
  dateUpdated: sentAt,
  messageTypes: [2],
  isLastMessageInternalComment: false,
}

const { lastMessageBody, lastMessageType, lastMessageDirection, unreadCount, inbox, starred } = conversation
/** Searching tells more about the contact, and writes instants as milliseconds. */
export const foundConversation = {
  id: conversationId,
  locationId,
  contactId,
  fullName: contact.name,
  contactName: contact.name,
  email: contact.email,
  phone: contact.phone,
  tags: contact.tags,
  assignedTo: userId,
  followers: contact.followers,
  type: 'TYPE_PHONE',
  inbox,
  starred,
  unreadCount,
  lastMessageBody,
  lastMessageType,
  lastMessageDirection,
  lastMessageDate: SENT_MS,
  dateAdded: SENT_MS,
  dateUpdated: SENT_MS,
  messageTypes: [2],
  isLastMessageInternalComment: false,
  companyName: contact.companyName,
  mentions: [],
  scoring: [],
  profilePhoto: null,
  attributed: null,
  sort: [SENT_MS],
}

export const message = {
  id: id('sms'),
  ...talk,
  type: 2,
  messageType: 'TYPE_SMS',
  direction: 'inbound',
  status: 'delivered',
  contentType: 'text/plain',
  body: lastMessageBody,
  meta: {},
  attachments: ['https://example.com/barn.jpg'],
  source: 'app',
  dateAdded: sentAt,
  dateUpdated: sentAt,
}

export const call = {
  id: id('call'),
  ...talk,
  type: 1,
  messageType: 'TYPE_CALL',
  direction: 'inbound',
  status: 'connected',
  contentType: 'text/plain',
  attachments: [],
  meta: { callDuration: '94', callStatus: 'completed' },
  source: 'app',
  dateAdded: '2026-03-02T14:30:00.000Z',
  dateUpdated: '2026-03-02T14:30:00.000Z',
}

export const email = {
  id: id('email'),
  threadId: id('thread'),
  ...talk,
  subject: 'Your wedding on the 20th of June',
  body: '<p>We would love to.</p>',
  direction: 'outbound',
  status: 'delivered',
  contentType: 'text/html',
  attachments: ['https://example.com/prices.pdf'],
  from: 'ada@larkspur.example',
  to: [contact.email],
  cc: [],
  bcc: [],
  source: 'api',
  dateAdded: '2026-03-02T16:00:00.000Z',
}

export const sentences = [
  {
    mediaChannel: 1,
    sentenceIndex: 0,
    startTime: 0,
    endTime: 1800,
    transcript: 'Good morning, Larkspur.',
    confidence: 0.97,
  },
  {
    mediaChannel: 2,
    sentenceIndex: 1,
    startTime: 1900,
    endTime: 4200,
    transcript: 'Hello, is the 20th of June still free?',
    confidence: 0.94,
  },
]
export const transcription = {
  mediaChannel: 1,
  sentenceIndex: 0,
  startTime: 0,
  endTime: 4200,
  transcript: sentences.map(({ transcript }) => transcript).join(' '),
  confidence: 0.94,
  sentences,
}

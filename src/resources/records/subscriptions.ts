import { Type } from 'typebox'
import { OF_CONTACT, record } from '../../store/records/index.ts'
import { Choice, Line, Optional, Text } from '../shapes.ts'

const scopes = { read: 'conversations.readonly', write: 'conversations.write' }

/** wire/highlevel/conversations.json: CreateCustomSubtypeDto. A kind of messages that people can do without. */
export const messageSubtypes = record({
  kind: 'message_subtypes',
  label: 'Message Subtype',
  noun: 'subtype',
  scopes,
  schema: Type.Object(
    {
      name: Type.String({ minLength: 1, maxLength: 200 }),
      description: Text(),
      channel: Choice('email', 'sms'),
      language: Line(20),
      archived: Type.Boolean(),
      resubscription_legal_form_id: Optional(Line(100)),
    },
    { additionalProperties: false },
  ),
  search: ['name', 'description'],
  examples: [{ name: 'Newsletter', description: 'Once a month.', channel: 'email', language: 'en', archived: false }],
})

/** UserSubscriptionChangeDto: what a contact has said about one kind of messages to one address, last. */
export const subscriptions = record({
  kind: 'subscriptions',
  label: 'Subscription',
  noun: 'subscription',
  scopes,
  schema: Type.Object(
    {
      contactId: Line(64),
      email: Line(320),
      type: Choice('default', 'custom'),
      subtypeName: Line(200),
      subtypeId: Optional(Line(64)),
      status: Choice('subscribed', 'unsubscribed'),
      legalReason: Optional(Line(1000)),
      legalDescription: Optional(Text()),
    },
    { additionalProperties: false },
  ),
  exact: ['email', 'subtypeId'],
  // Subtypes are archived, never deleted.
  refs: OF_CONTACT,
  examples: [
    {
      contactId: 'ocQHyuzHvysMo5N5VsXc',
      email: 'rosan@deo.example',
      type: 'default',
      subtypeName: 'One on One',
      status: 'unsubscribed',
    },
  ],
})

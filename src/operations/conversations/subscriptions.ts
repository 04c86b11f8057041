import { Type } from 'typebox'
import { invalid } from '../../errors.ts'
import { contacts } from '../../resources/records/contacts.ts'
import { messageSubtypes, subscriptions } from '../../resources/records/subscriptions.ts'
import { emailKey } from '../../store/natural-key.ts'
import {
  allOf,
  createRecord,
  equals,
  findRecord,
  getRecord,
  listRecords,
  type RecordDocument,
  updateRecord,
  updateRecords,
} from '../../store/records/index.ts'
import { holdContact } from '../contacts/index.ts'
import { type Context, operation } from '../define.ts'
import { Id, Noun } from '../schemas.ts'
import { lockContact } from './threads.ts'

const { read, write } = subscriptions.scopes
const common = { category: 'Conversations & Messages', token: 'location' } as const
const Email = () => Type.String({ minLength: 1, maxLength: 320 })
/** The one kind of messages that everybody gets unless they say otherwise. */
const ONE_ON_ONE = 'One on One'

const Said = Noun('EmailSubscriptions', {
  email: Type.String(),
  subscriptions: Type.Array(
    Type.Object({
      type: Type.String(),
      subtype_name: Type.String(),
      subtype_id: Type.Optional(Type.String()),
      subtype_status: Type.String(),
      legal_reason: Type.Optional(Type.String()),
      legal_description: Type.Optional(Type.String()),
      updatedAt: Type.String(),
    }),
  ),
})

const emailsOf = ({ email, additionalEmails = [] }: RecordDocument) =>
  [email, ...(additionalEmails as string[])].filter((one): one is string => typeof one === 'string')

const isSame = (a: string, b: string) => emailKey(a) === emailKey(b)

/** What a contact has said about messages to each of these addresses. */
async function saidOf(ctx: Context, contactId: string, emails: readonly string[]): Promise<never[]> {
  const rows = await listRecords(ctx.db, subscriptions, ctx.locationId, { where: equals('contactId', contactId) })
  return emails.map((email) => ({
    email,
    subscriptions: rows
      .filter(({ document }) => isSame(String(document.email), email))
      .map(({ document, updatedAt }) => ({
        type: document.type,
        subtype_name: document.subtypeName,
        ...(document.subtypeId === undefined ? {} : { subtype_id: document.subtypeId }),
        subtype_status: document.status,
        ...(document.legalReason === undefined ? {} : { legal_reason: document.legalReason }),
        ...(document.legalDescription === undefined ? {} : { legal_description: document.legalDescription }),
        updatedAt: updatedAt.toISOString(),
      })),
  })) as never[]
}

/** An address of the contact as the contact has it. 422 for one of somebody else. */
function ownEmail(contact: RecordDocument, email: string): string {
  const own = emailsOf(contact).find((one) => isSame(one, email))
  if (own === undefined) throw invalid([`email: the contact has no e-mail address ${email}`])
  return own
}

interface Action {
  type: string
  subtype_id?: string | undefined
  subtype_status: 'subscribed' | 'unsubscribed'
}

/** The kind of messages that is spoken of. */
async function subtypeOf(ctx: Context, { type, subtype_id: id }: Action): Promise<RecordDocument> {
  if (type === 'default') return { subtypeName: ONE_ON_ONE }
  if (id === undefined) throw invalid(['subscription_action.subtype_id should not be empty'])
  const subtype = await findRecord(ctx.db, messageSubtypes, ctx.locationId, id)
  if (subtype === null) throw invalid([`subscription_action.subtype_id: there is no subtype ${id} in this location`])
  return { subtypeName: subtype.document.name, subtypeId: id }
}

/** wire/highlevel/conversations.json: the unsubscriptions. It gives no schema of the answers: these are ours. */
export const subscriptionOperations = [
  operation({
    ...common,
    name: 'preferences.getStatus',
    title: 'Get Contact Unsubscription Status',
    description:
      'What a contact has said about messages to each of its e-mail addresses, or to one. Nothing said: they come.',
    access: 'read',
    scope: [read, write],
    http: 'GET /conversations/preferences/unsubscriptions/status',
    input: Type.Object(
      { locationId: Id(), contactId: Id(), email: Type.Optional(Email()) },
      { additionalProperties: false },
    ),
    output: Type.Object({ contactId: Type.String(), emails: Type.Array(Said) }),
    async run(ctx, { contactId, email }) {
      const { document } = await getRecord(ctx.db, contacts, ctx.locationId, contactId)
      const emails = email === undefined ? emailsOf(document) : [ownEmail(document, email)]
      return { contactId, emails: await saidOf(ctx, contactId, emails) }
    },
  }),
  operation({
    ...common,
    name: 'preferences.change',
    title: 'User Subscription Change',
    description:
      'Keeps what a contact says about one kind of messages; `resub_all` takes all back that was said for an address.',
    access: 'write',
    scope: write,
    http: 'POST /conversations/preferences/unsubscriptions/user-change',
    input: Type.Object(
      {
        locationId: Id(),
        contactId: Id(),
        email: Email(),
        subscription_action: Type.Object(
          {
            type: Type.Enum(['default', 'custom', 'resub_all']),
            subtype_name: Type.Optional(Type.Enum([ONE_ON_ONE])),
            subtype_id: Type.Optional(Id()),
            subtype_status: Type.Enum(['subscribed', 'unsubscribed']),
          },
          { additionalProperties: false },
        ),
        legal_reason: Type.Optional(Type.String({ maxLength: 1000 })),
        legal_description: Type.Optional(Type.String({ maxLength: 20_000 })),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ success: Type.Boolean(), contactId: Type.String(), emails: Type.Array(Said) }),
    async run(ctx, { contactId, email: named, subscription_action: action, legal_reason, legal_description }) {
      const { document: contact } = await holdContact(ctx, contactId)
      await lockContact(ctx, contactId)
      const email = ownEmail(contact, named)
      const of = allOf([equals('contactId', contactId), equals('email', email)])
      const said = { legalReason: legal_reason, legalDescription: legal_description }
      if (action.type === 'resub_all')
        await updateRecords(ctx.scope, subscriptions, of, ({ document }) => ({
          ...document,
          ...said,
          status: 'subscribed',
        }))
      else {
        const subtype = await subtypeOf(ctx, action)
        const known = (await listRecords(ctx.db, subscriptions, ctx.locationId, { where: of })).find(
          ({ document }) => document.type === action.type && document.subtypeId === subtype.subtypeId,
        )
        const document = { contactId, email, type: action.type, ...subtype, status: action.subtype_status, ...said }
        if (known === undefined) await createRecord(ctx.scope, subscriptions, document)
        else await updateRecord(ctx.scope, subscriptions, known.id, () => document)
      }
      return { success: true, contactId, emails: await saidOf(ctx, contactId, [email]) }
    },
  }),
]

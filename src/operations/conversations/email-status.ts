import { type Static, Type } from 'typebox'
import { AppError, invalid } from '../../errors.ts'
import { MESSAGE_STATUSES, messages } from '../../resources/records/messages.ts'
import { emailKey } from '../../store/natural-key.ts'
import { operation } from '../define.ts'
import { Id } from '../schemas.ts'
import { EmailRecipient } from './emails-wire.ts'
import { getEmail } from './messages.ts'
import { updateMessage } from './messages-status.ts'
import type { MessageDocument } from './threads.ts'

type Events = Record<string, number>
type Recipient = Static<typeof EmailRecipient>

/** What has happened when something else has: highlevel-api-docs, apps/v3/conversations-v3.json, "Event Inference". */
const IMPLIED: readonly (readonly [of: readonly string[], is: string])[] = [
  [['clicked', 'complained', 'unsubscribed', 'replied'], 'opened'],
  [['opened'], 'delivered'],
  [['delivered', 'permanent_fail', 'temporary_fail'], 'accepted'],
]

/** Counts add up; what must have happened as well has happened once. */
function withEvents(known: Events, told: Events): Events {
  const events = { ...known }
  for (const [name, count] of Object.entries(told)) if (count > 0) events[name] = (events[name] ?? 0) + count
  for (const [of, is] of IMPLIED)
    if (of.some((name) => (told[name] ?? 0) > 0) || of.some((name) => events[name])) events[is] ??= 1
  return events
}

/** The last word about each, whatever case its address is written in. */
function withRecipients(known: readonly Recipient[], told: readonly Recipient[]): Recipient[] {
  const keyed = [...known, ...told].map((one) => [emailKey(one.emailId), one] as const)
  return [...new Map(keyed).values()]
}

const addressesOf = ({ to = [], cc = [], bcc = [] }: MessageDocument) => new Set([...to, ...cc, ...bcc].map(emailKey))

export const emailStatusOperations = [
  operation({
    category: 'Conversations & Messages',
    token: 'location',
    access: 'write',
    scope: messages.scopes.write,
    name: 'messages.updateEmailStatus',
    title: 'Update Email Message Status',
    description:
      'What whoever delivers an e-mail tells of it: its status, how often what happened (counts add up, and what must ' +
      'have happened as well is added), and what became of it for each recipient.',
    http: 'PUT /conversations/messages/email/:id/status',
    input: Type.Object(
      {
        id: Id(),
        status: Type.Enum(MESSAGE_STATUSES.filter((status) => status !== 'opt_out' && status !== 'queued')),
        events: Type.Optional(
          Type.Record(Type.String({ minLength: 1, maxLength: 100 }), Type.Integer({ minimum: 0, maximum: 1_000_000 }), {
            maxProperties: 50,
          }),
        ),
        recipients: Type.Optional(Type.Array(EmailRecipient, { maxItems: 500 })),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ success: Type.Boolean(), message: Type.String() }),
    async run(ctx, { id, status, events = {}, recipients = [] }) {
      const email = await getEmail(ctx, id)
      await updateMessage(ctx, email.id, (document) => {
        if (document.status === 'scheduled')
          throw new AppError('bad_request', { reason: `Message ${id} is scheduled: nobody has sent it yet` })
        const known = addressesOf(document)
        const strangers = recipients.filter(({ emailId }) => !known.has(emailKey(emailId)))
        if (strangers.length > 0)
          throw invalid(strangers.map(({ emailId }) => `recipients: the e-mail did not go to ${emailId}`))
        const counted = withEvents(document.emailEvents ?? {}, events)
        const told = withRecipients((document.emailRecipients ?? []) as Recipient[], recipients)
        const { emailEvents: _, emailRecipients: __, ...rest } = document
        return {
          ...rest,
          status,
          ...(Object.keys(counted).length === 0 ? {} : { emailEvents: counted }),
          ...(told.length === 0 ? {} : { emailRecipients: told }),
        }
      })
      return { success: true, message: 'Updated email message successfully' }
    },
  }),
]

import { Type } from 'typebox'
import { listEvents } from '../../auth/security-events.ts'
import { SUBJECTS } from '../../auth/subjects.ts'
import { foldedText } from '../../store/natural-key.ts'
import { type Operation, operation } from '../define.ts'
import { After, Id, Instant, Limit, Noun } from '../schemas.ts'

const Nullable = () => Type.Union([Type.String(), Type.Null()])

/** What is no operation: acts of the pages for signing in, of commands, and of the server itself. */
const ACTS: Readonly<Record<string, string>> = {
  'sign-in': 'Sign In',
  'sign-out': 'Sign Out',
  'set-up': 'Set Up',
  'new-password': 'Set New Password',
  consent: 'Allow App',
  'oauth.replay': 'Use Code or Refresh Token Twice',
  'webhooks.switched-off': 'Switch Off Webhook',
  'people.create': 'Create Person',
  'people.password': 'Set New Password of Person',
  'people.secondFactor': 'Switch Off Second Factor of Person',
}

/** The log tells of the other operations by their titles, so they are handed to it. */
export function securityEventsOperation(operations: readonly Operation[]): Operation {
  const titles = new Map([...Object.entries(ACTS), ...operations.map(({ name, title }) => [name, title] as const)])
  const eventsCalled = (words: string) => {
    const part = foldedText(words)
    return [...titles].flatMap(([name, title]) => (foldedText(title).includes(part) ? [name] : []))
  }
  const events = operation({
    category: 'People & Access',
    name: 'access.events',
    title: 'List Security Events',
    description:
      'Who signed in, or was refused, and who changed people, tokens and apps: what, when and from where, the newest ' +
      'first, for a year. Refusals of the same thing, at the same sub-account, within a minute stand there once, with ' +
      "how often (`repeats`); what nobody known tried is in the server's log alone.",
    access: 'read',
    token: 'agency',
    scope: ['people.readonly', 'people.write'],
    http: 'GET /people/events',
    input: Type.Object(
      {
        companyId: Id(),
        who: Type.Optional(
          Type.String({
            minLength: 1,
            maxLength: 200,
            description: 'Part of what they were called or of their e-mail, or the id.',
          }),
        ),
        event: Type.Optional(
          Type.String({
            minLength: 1,
            maxLength: 100,
            description: 'What it begins with: `tokens.`, `people.invite`, `sign-in`.',
          }),
        ),
        title: Type.Optional(
          Type.String({
            minLength: 1,
            maxLength: 100,
            description: 'Part of what was done, in words, of what it was done to or why not: `revoke`, `role client`.',
          }),
        ),
        eventId: Type.Optional(Type.String({ format: 'uuid', maxLength: 36, description: 'This one alone.' })),
        outcome: Type.Optional(Type.Enum(['done', 'refused'])),
        limit: Limit(50, 200),
        after: Type.Optional(Type.String({ format: 'uuid', maxLength: 36 })),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({
      events: Type.Array(
        Noun('SecurityEvent', {
          id: Type.String(),
          at: Instant(),
          event: Type.String({
            description: 'An operation, or `sign-in`, `sign-out`, `consent`, `new-password`, `oauth.replay`.',
          }),
          title: Type.Union([Type.String(), Type.Null()], {
            description: 'The same in words: the title of the operation. Null for what has none.',
          }),
          outcome: Type.Enum(['done', 'refused']),
          who: Nullable(),
          whoName: Type.Union([Type.String(), Type.Null()], { description: 'What they were called then.' }),
          address: Type.String(),
          traceId: Type.String(),
          status: Type.Union([Type.Integer(), Type.Null()]),
          detail: Nullable(),
          about: Type.Array(
            Type.Object({
              what: Type.Enum([...SUBJECTS]),
              id: Nullable(),
              name: Type.Union([Type.String(), Type.Null()], {
                description: 'What it was called then, or what was said.',
              }),
            }),
            { description: 'What it was done to. Of refusals, `detail` says why.' },
          ),
          repeats: Type.Integer({ description: 'How often the same was refused again within a minute.' }),
        }),
      ),
      after: After(),
    }),
    async run(ctx, { companyId: _, limit = 50, after, title, eventId, ...filter }) {
      const called = title === undefined ? {} : { words: title, events: eventsCalled(title) }
      const of = { agencyId: ctx.agencyId, id: eventId, limit, before: after }
      const rows = await listEvents(ctx.db, { ...of, ...called, ...filter })
      return {
        events: rows.map((row) => ({ ...row, title: titles.get(row.event) ?? null, at: row.at.toISOString() })),
        after: rows.length < limit ? null : (rows.at(-1)?.id ?? null),
      }
    },
  })
  titles.set(events.name, events.title)
  return events
}

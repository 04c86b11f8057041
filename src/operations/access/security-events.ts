import { Type } from 'typebox'
import { listEvents } from '../../auth/security-events.ts'
import { operation } from '../define.ts'
import { After, Id, Instant, Limit, Noun } from '../schemas.ts'

const Nullable = () => Type.Union([Type.String(), Type.Null()])

export const securityOperations = [
  operation({
    category: 'People & Access',
    name: 'access.events',
    title: 'List Security Events',
    description:
      'Who signed in, or was refused, and who changed people, tokens and apps: what, when and from where, the newest ' +
      'first, for a year. Refusals of the same thing within a minute stand there once; what nobody known tried is in ' +
      "the server's log alone.",
    access: 'read',
    token: 'agency',
    scope: ['people.readonly', 'people.write'],
    http: 'GET /people/events',
    input: Type.Object(
      {
        companyId: Id(),
        who: Type.Optional(
          Type.String({ minLength: 1, maxLength: 200, description: 'Part of what they were called, or the id.' }),
        ),
        event: Type.Optional(
          Type.String({
            minLength: 1,
            maxLength: 100,
            description: 'What it begins with: `tokens.`, `people.invite`, `sign-in`.',
          }),
        ),
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
          outcome: Type.Enum(['done', 'refused']),
          who: Nullable(),
          whoName: Type.Union([Type.String(), Type.Null()], { description: 'What they were called then.' }),
          address: Type.String(),
          traceId: Type.String(),
          status: Type.Union([Type.Integer(), Type.Null()]),
          detail: Nullable(),
        }),
      ),
      after: After(),
    }),
    async run(ctx, { companyId: _, limit = 50, after, ...filter }) {
      const rows = await listEvents(ctx.db, { agencyId: ctx.agencyId, limit, before: after, ...filter })
      return {
        events: rows.map((row) => ({ ...row, at: row.at.toISOString() })),
        after: rows.length < limit ? null : (rows.at(-1)?.id ?? null),
      }
    },
  }),
]

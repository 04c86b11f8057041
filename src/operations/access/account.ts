import { Type } from 'typebox'
import { faultOfPassword } from '../../auth/passwords.ts'
import { findByPassword, type Person, setPassword } from '../../auth/people.ts'
import { getPersonRow } from '../../auth/person-changes.ts'
import { ROLES } from '../../auth/roles.ts'
import { endOwnSession, endSessions, listSessions } from '../../auth/session-lists.ts'
import { sessionLifeOf } from '../../auth/sessions.ts'
import { countSignIn, forgiveSignIn, type Try } from '../../auth/sign-ins.ts'
import { AppError, invalid } from '../../errors.ts'
import { type Context, operation } from '../define.ts'
import { DONE, Done, Id, Instant, Noun } from '../schemas.ts'

export const common = { category: 'People & Access', token: 'person', scope: [], versionless: true } as const

/** Whoever is signed in. */
export async function ownPerson(ctx: Context): Promise<Person & { hasSecondFactor: boolean }> {
  return getPersonRow(ctx.db, ctx.agencyId, ctx.caller.person?.id ?? '')
}

/** Whoever found a browser open is not the person. 403 where the password is not theirs. */
export async function checkPassword(ctx: Context, password: string): Promise<Person> {
  const person = await ownPerson(ctx)
  const attempt = await countTry(ctx, person)
  if ((await findByPassword(ctx.tx, person.email, password)) === null)
    throw new AppError('password_wrong', {}, { keepWrites: true })
  await forgiveSignIn(ctx.tx, attempt)
  return person
}

/** Guesses of somebody who is signed in count for themselves: they lock nobody out. 429 after too many. */
export async function countTry(ctx: Context, { id, email }: Person): Promise<Try> {
  const attempt = { email, address: `account ${id}`, browser: `account ${id}` }
  await countSignIn(ctx.tx, attempt, ctx.clock.nowMs())
  return attempt
}

export const Password = Type.String({ minLength: 1, maxLength: 1000 })

const get = operation({
  ...common,
  name: 'account.get',
  title: 'Get Own Account',
  description: 'Whoever is signed in, and whether signing in asks them for a code.',
  access: 'read',
  http: 'GET /account/',
  input: Type.Object({}, { additionalProperties: false }),
  output: Type.Object({
    account: Noun('Account', {
      id: Type.String(),
      name: Type.String(),
      email: Type.String(),
      role: Type.Enum([...ROLES]),
      secondFactor: Type.Boolean(),
    }),
  }),
  async run(ctx) {
    const { id, name, email, role, hasSecondFactor } = await ownPerson(ctx)
    return { account: { id, name, email, role, secondFactor: hasSecondFactor } }
  },
})

const renew = operation({
  ...common,
  name: 'account.password',
  title: 'Change Own Password',
  description: 'Another password in place of the present one. All sessions end, this one too: sign in anew.',
  access: 'write',
  http: 'PUT /account/password',
  input: Type.Object({ present: Password, password: Password }, { additionalProperties: false }),
  output: Done(),
  async run(ctx, { present, password }) {
    const person = await checkPassword(ctx, present)
    const fault = faultOfPassword(password, person)
    if (fault !== null) throw invalid([fault])
    await setPassword(ctx.tx, person.id, password)
    return DONE
  },
})

const sessions = operation({
  ...common,
  name: 'account.sessions',
  title: 'List Own Sessions',
  description: 'Where the caller is signed in, the newest first.',
  access: 'read',
  http: 'GET /account/sessions',
  input: Type.Object({}, { additionalProperties: false }),
  output: Type.Object({
    sessions: Type.Array(
      Noun('Session', {
        id: Type.String(),
        isThis: Type.Boolean(),
        createdAt: Instant(),
        lastSeenAt: Instant(),
        address: Type.String(),
        agent: Type.String({ description: 'What the browser says of itself.' }),
      }),
    ),
  }),
  async run(ctx) {
    const { id = '', sessionId } = ctx.caller.person ?? {}
    const rows = await listSessions(ctx.db, id, sessionLifeOf(ctx.config), ctx.clock.nowMs())
    return {
      sessions: rows.map(({ createdAt, seenAt, ...row }) => ({
        ...row,
        isThis: row.id === sessionId,
        createdAt: createdAt.toISOString(),
        lastSeenAt: seenAt.toISOString(),
      })),
    }
  },
})

const end = operation({
  ...common,
  name: 'account.endSession',
  title: 'End Own Session',
  description: 'Signs the caller out in one browser.',
  access: 'destructive',
  http: 'DELETE /account/sessions/:sessionId',
  input: Type.Object({ sessionId: Id() }, { additionalProperties: false }),
  output: Done(),
  async run(ctx, { sessionId }) {
    await endOwnSession(ctx.tx, ctx.caller.person?.id ?? '', sessionId)
    return DONE
  },
})

const endAll = operation({
  ...common,
  name: 'account.endSessions',
  title: 'Sign Out Everywhere',
  description: 'Ends every session of the caller, this one too.',
  access: 'destructive',
  http: 'DELETE /account/sessions',
  input: Type.Object({}, { additionalProperties: false }),
  output: Done(),
  async run(ctx) {
    await endSessions(ctx.tx, ctx.caller.person?.id ?? '')
    return DONE
  },
})

export const accountOperations = [get, renew, sessions, end, endAll]

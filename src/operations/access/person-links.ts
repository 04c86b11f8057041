import { Type } from 'typebox'
import { faultOfPassword } from '../../auth/passwords.ts'
import { namePerson, type Person, setPassword } from '../../auth/people.ts'
import { keepUnsent, makeLink, takeLink } from '../../auth/person-links.ts'
import { keepEvent } from '../../auth/security-events.ts'
import { enqueue } from '../../db/queue.ts'
import { invalid } from '../../errors.ts'
import { type Context, operation } from '../define.ts'
import { Instant, Name, Noun } from '../schemas.ts'

/** What an answer says that makes a link. */
export const Link = {
  link: Type.String({ description: 'Opened once. This answer is the only time it can be read.' }),
  expiresAt: Instant(),
  mailed: Type.Boolean({ description: 'It is on its way by mail. False: give it to them yourself.' }),
}

/** What follows `#` is sent to no server and stands in no log. */
const addressOf = (ctx: Context, token: string) => `${ctx.publicUrl()}/app/accept#token=${token}`

/** Of mail: a server that hangs keeps one worker waiting at a time. */
const QUEUE = 'mail'

/** A link for somebody to set a password by, which goes out by mail where that is set up. */
export async function linkFor(ctx: Context, person: Person, purpose: 'invitation' | 'reset') {
  const { token, expiresAtMs } = await makeLink(ctx.tx, { personId: person.id, purpose }, ctx.clock.nowMs())
  const link = addressOf(ctx, token)
  const mailed = ctx.mail.isSetUp
  if (mailed)
    await enqueue(ctx.tx, 'mail-link', [{ hash: await keepUnsent(ctx.tx, { token, link }) }], { queue: QUEUE })
  return { link, expiresAt: new Date(expiresAtMs).toISOString(), mailed }
}

export const acceptOperation = operation({
  category: 'People & Access',
  name: 'people.accept',
  title: 'Accept Invitation',
  description:
    'Sets the password of whoever got a link, of an invitation or of a new password. The link is used up; all of their ' +
    'sessions end.',
  access: 'write',
  token: 'none',
  scope: [],
  http: 'POST /people/accept',
  versionless: true,
  input: Type.Object(
    {
      token: Type.String({ minLength: 1, maxLength: 200 }),
      password: Type.String({ minLength: 1, maxLength: 1000 }),
      name: Type.Optional(Name()),
    },
    { additionalProperties: false },
  ),
  output: Type.Object({
    person: Noun('WhoAccepted', { id: Type.String(), email: Type.String(), name: Type.String() }),
  }),
  async run(ctx, { token, password, name }) {
    const person = await takeLink(ctx.tx, { token, purposes: ['invitation', 'reset'] }, ctx.clock.nowMs())
    const known = { ...person, name: name ?? person.name }
    const fault = faultOfPassword(password, known)
    // The link is not used up by it: what was written is undone.
    if (fault !== null) throw invalid([fault])
    await setPassword(ctx.tx, person.id, password)
    if (name !== undefined) await namePerson(ctx.tx, person.id, name)
    const { from, traceId } = ctx
    const event = { event: 'people.accept', outcome: 'done', from, traceId } as const
    await keepEvent(ctx.tx, { personId: person.id }, event, ctx.clock.nowMs())
    return { person: { id: known.id, email: known.email, name: known.name } }
  },
})

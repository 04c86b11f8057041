import { keepEvent } from '../auth/security-events.ts'
import { namesOf, type Told, toDetail, toSubjects } from '../auth/subjects.ts'
import { findEndpointName } from '../connect/index.ts'
import type { Tx } from '../db/pool.ts'
import type { AppError } from '../errors.ts'
import type { SecurityEvent } from '../log.ts'
import type { Answer, Call } from './call.ts'
import type { Operation } from './define.ts'
import type { Platform } from './platform.ts'

/** People, tokens, apps and what they are allowed, and who is sent what happens: who changed it is logged, and kept for the agency. */
export const decidesAccess = ({ name, access }: Pick<Operation, 'name' | 'access'>): boolean =>
  access !== 'read' &&
  /^(people|account|tokens|apps|oauth|agencies)\.|^webhooks\.(create|update|delete|rotateSecret)$/.test(name)

/** What of an input says what was done to whom. Secrets are none of it. */
const TOLD = [
  'email',
  'name',
  'role',
  'agencyId',
  'personId',
  'tokenId',
  'appId',
  'webhookId',
  'locationId',
  'sessionId',
]

/** What an answer tells of that was made: the input had no id of it. */
const MADE = ['agency', 'person', 'token', 'app', 'webhook']

type Named = Record<string, { id?: unknown; name?: unknown } | undefined>

/** What people are called is kept for their agency, and stands in no log. */
const logged = ({ name: operation }: Operation) =>
  TOLD.filter((name) => name !== 'email' && !(name === 'name' && /^(people|account)\./.test(operation)))

const only = (names: readonly string[], known: Record<string, unknown>): Told =>
  Object.fromEntries(
    names.flatMap((name) => (typeof known[name] === 'string' ? [[name, known[name] as string] as const] : [])),
  )

/** What of a call says what it was done to, once it is done. */
function toldBy({ input }: Pick<Call, 'input'>, { body }: Answer): Told {
  const made = Object.fromEntries(MADE.map((noun) => [`${noun}Id`, (body as Named | undefined)?.[noun]?.id]))
  return only(TOLD, { ...made, ...input })
}

/** What those that a call decides about are called before it: of what it removes nobody can say it after. */
export async function namesBefore(call: Call, tx: Tx): Promise<Map<string, string>> {
  const { operation, caller, input } = call
  if (!decidesAccess(operation)) return new Map()
  const names = await namesOf(tx, only(TOLD, input))
  const { webhookId } = input
  if (typeof webhookId !== 'string') return names
  const name = await findEndpointName(tx, caller.agencyId, webhookId)
  return name === null ? names : names.set(webhookId, name)
}

/** What was made, or has another name now. */
function namesAfter({ body }: Answer): [string, string][] {
  return MADE.flatMap((noun) => {
    const { id, name } = (body as Named | undefined)?.[noun] ?? {}
    return typeof id === 'string' && typeof name === 'string' ? [[id, name] as [string, string]] : []
  })
}

/** What an operation of the operator's is about: they are of no agency themselves. */
const agencyIn = ({ operation, input }: Call, { body }: Answer): string => {
  const id = operation.token === 'operator' ? ((body as Named).agency?.id ?? input.agencyId) : undefined
  return typeof id === 'string' ? id : ''
}

interface Done {
  answer: Answer
  /** What those that it decided about were called. */
  names: ReadonlyMap<string, string>
}

/** Keeps in the same transaction that an operation has decided about access. What is to be logged, once that is certain. */
export async function keepDone(
  { clock }: Platform,
  call: Call,
  { answer, names }: Done,
  tx: Tx,
): Promise<SecurityEvent[]> {
  const { operation, caller, input, from, traceId } = call
  if (!decidesAccess(operation)) return []
  const agencyId = caller.agencyId || agencyIn(call, answer)
  const event = { event: operation.name, outcome: 'done', from, traceId } as const
  const told = toldBy(call, answer)
  const about = toSubjects(told, new Map([...names, ...namesAfter(answer)]))
  const kept = { ...event, detail: toDetail(told), about, who: caller.oauth?.appId ?? caller.tokenId }
  if (agencyId !== '') await keepEvent(tx, { agencyId }, kept, clock.nowMs())
  // Who has no token proves to be an app.
  const who = caller.tokenId === 'none' ? input.client_id : caller.tokenId
  const detail = toDetail(only(logged(operation), told))
  return [{ ...event, detail, who: typeof who === 'string' ? who : undefined, tenant: agencyId || undefined }]
}

/** Keeps what a refusal has to say to an agency, in the transaction that writes what follows from it. */
export async function keepTold(
  { clock }: Platform,
  { from, traceId }: Call,
  { told, status, message }: AppError,
  tx: Tx,
): Promise<SecurityEvent[]> {
  if (told === undefined) return []
  const { agencyId, event, who, about: named } = told
  const detail = `${message}: ${toDetail(named)}`
  const whole = { event, outcome: 'refused', who, from, traceId, status, detail } as const
  const about = toSubjects(named, await namesOf(tx, named))
  await keepEvent(tx, { agencyId }, { ...whole, about }, clock.nowMs())
  return [{ ...whole, tenant: agencyId }]
}

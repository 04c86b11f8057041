import { keepEvent } from '../auth/security-events.ts'
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

type Named = Record<string, { id?: unknown } | undefined>

/** What people are called is kept for their agency, and stands in no log. */
const logged = ({ name: operation }: Operation) =>
  TOLD.filter((name) => name !== 'email' && !(name === 'name' && /^(people|account)\./.test(operation)))

function detailOf(names: readonly string[], input: Record<string, unknown>, { body }: Answer): string | undefined {
  const made = Object.fromEntries(MADE.map((noun) => [`${noun}Id`, (body as Named | undefined)?.[noun]?.id]))
  const known = { ...made, ...input }
  return (
    names.flatMap((name) => (typeof known[name] === 'string' ? [`${name} ${known[name]}`] : [])).join(', ') || undefined
  )
}

/** What an operation of the operator's is about: they are of no agency themselves. */
const agencyIn = ({ operation, input }: Call, { body }: Answer): string => {
  const id = operation.token === 'operator' ? ((body as Named).agency?.id ?? input.agencyId) : undefined
  return typeof id === 'string' ? id : ''
}

/** Keeps in the same transaction that an operation has decided about access. What is to be logged, once that is certain. */
export async function keepDone({ clock }: Platform, call: Call, answer: Answer, tx: Tx): Promise<SecurityEvent[]> {
  const { operation, caller, input, from, traceId } = call
  if (!decidesAccess(operation)) return []
  const agencyId = caller.agencyId || agencyIn(call, answer)
  const event = { event: operation.name, outcome: 'done', from, traceId } as const
  const kept = { ...event, detail: detailOf(TOLD, input, answer) }
  if (agencyId !== '')
    await keepEvent(tx, { agencyId }, { ...kept, who: caller.oauth?.appId ?? caller.tokenId }, clock.nowMs())
  // Who has no token proves to be an app.
  const who = caller.tokenId === 'none' ? input.client_id : caller.tokenId
  const detail = detailOf(logged(operation), input, answer)
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
  const { agencyId, event, who, detail } = told
  const whole = { event, outcome: 'refused', who, from, traceId, status, detail: `${message}: ${detail}` } as const
  await keepEvent(tx, { agencyId }, whole, clock.nowMs())
  return [{ ...whole, tenant: agencyId }]
}

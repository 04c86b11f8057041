import { keepEvent } from '../auth/security-events.ts'
import type { Tx } from '../db/pool.ts'
import type { Call } from './call.ts'
import type { Operation } from './define.ts'
import type { Platform } from './platform.ts'

/** People, tokens, apps and what they are allowed, and who is sent what happens: who changed it is logged, and kept for the agency. */
export const decidesAccess = ({ name, access }: Pick<Operation, 'name' | 'access'>): boolean =>
  access !== 'read' &&
  /^(people|account|tokens|apps|oauth|agencies)\.|^webhooks\.(create|update|delete|rotateSecret)$/.test(name)

/** What of an input says what was done to whom. Secrets are none of it. */
const TOLD = ['email', 'name', 'role', 'personId', 'tokenId', 'appId', 'locationId', 'sessionId']

const detailOf = (input: Record<string, unknown>): string | undefined =>
  TOLD.flatMap((name) => (typeof input[name] === 'string' ? [`${name} ${input[name]}`] : [])).join(', ') || undefined

/** Keeps in the same transaction that an operation has decided about access. */
export async function keepDone(
  { clock }: Platform,
  { operation, caller, input, ...call }: Call,
  tx: Tx,
): Promise<void> {
  if (!decidesAccess(operation) || caller.agencyId === '') return
  await keepEvent(
    tx,
    { agencyId: caller.agencyId },
    {
      event: operation.name,
      outcome: 'done',
      who: caller.oauth?.appId ?? caller.tokenId,
      from: call.from,
      traceId: call.traceId,
      detail: detailOf(input),
    },
    clock.nowMs(),
  )
}

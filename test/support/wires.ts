import assert from 'node:assert/strict'
import type { Operation } from '../../src/operations/define.ts'
import type { Reply } from './client.ts'

/*
 * How each wire says what it refuses (wire/highlevel.md, "Errors"; wire/hubspot.md, "Shapes"): for the suites that ask
 * every operation.
 */

const isHubSpot = ({ wire }: Operation) => wire === 'hubspot'

/** The status of input that is wrong. */
export const invalidOn = (operation: Operation): number => (isHubSpot(operation) ? 400 : 422)

/** What is wrong with a token: it is none, or it may not do this. */
export const refusedOn = (operation: Operation, why: 'token' | 'scope' | 'kind'): number =>
  isHubSpot(operation) && why !== 'token' ? 403 : 401

/** One of these statuses, as the wire of the operation has them. */
export const onWire = (operation: Operation, statuses: readonly number[]): number[] =>
  statuses.map((status) => (status === 422 ? invalidOn(operation) : status))

/** A whole refusal, in the words of the operation's wire. */
export function assertRefusal(operation: Operation, reply: Reply, status: number, message?: string | RegExp): void {
  const { body } = reply
  assert.equal(reply.status, status, JSON.stringify(body))
  const trace = reply.headers.get('x-trace-id')
  if (isHubSpot(operation)) {
    assert.equal(body.status, 'error')
    assert.match(body.category, /^[A-Z_]+$/)
    assert.equal(body.correlationId, reply.headers.get('x-hubspot-correlation-id'))
    assert.equal(body.correlationId, trace)
  } else {
    assert.equal(body.statusCode, status)
    assert.equal(body.traceId, trace)
  }
  if (typeof message === 'string') assert.equal(body.message, message)
  else if (message !== undefined) assert.match(body.message, message)
}

/** One message for each fault of the input. */
export function faultsTold(operation: Operation, { body }: Reply): string[] {
  if (!isHubSpot(operation)) return body.message
  assert.equal(body.category, 'VALIDATION_ERROR')
  return (body.errors as { message: string }[] | undefined)?.map(({ message }) => message) ?? [body.message]
}

/** Programs written for HubSpot send more than a server of theirs reads. */
export const refusesStrangers = (operation: Operation): boolean => !isHubSpot(operation)

/** HubSpot's word where the client id of an app is wrong (wire/hubspot.md, "Semantics"). */
const UNKNOWN_CLIENT = 'BAD_CLIENT_ID'

/** Whether a body says what it is, as refusals of the wire do. */
export function saysSo(operation: Operation, body: unknown, status: number): boolean {
  const { statusCode, ...theirs } = (body ?? {}) as Record<string, unknown>
  // Of a head that is too long nobody has read the address: it is refused before anybody knows whose it is.
  if (!isHubSpot(operation) || status === 431) return statusCode === status
  return (
    (theirs.status === 'error' || theirs.status === UNKNOWN_CLIENT) &&
    ['message', 'category', 'correlationId'].every((name) => theirs[name])
  )
}

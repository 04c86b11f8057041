import assert from 'node:assert/strict'

/** What the client does wrong: the real service refuses it for the same reason. */
export function theirs(reason: RegExp, call: () => Promise<unknown>): Promise<void> {
  return assert.rejects(call, reason)
}

import { announce } from '../db/notices.ts'
import type { Tx } from '../db/pool.ts'

/** The topic of notices that tokens ended or mean something else. */
export const CALLERS = 'callers'

/** Tokens end, or mean something else, with this transaction: every process looks callers up anew. Call it wherever that is so. */
export async function callersChanged(tx: Tx): Promise<void> {
  await announce(tx, CALLERS)
}

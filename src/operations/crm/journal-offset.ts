import { offsetBefore } from '../../journal/index.ts'
import type { Context } from '../define.ts'

/**
 * The header of a list or a search that tells from where on to follow the journal so that nothing written after the
 * answer is missed. Asked for before the answer is read.
 */
export async function journalOffset(ctx: Context): Promise<Readonly<Record<string, string>>> {
  return { 'x-journal-offset': await offsetBefore(ctx.db, ctx.clock.nowMs()) }
}

import { CallError, call, type Input } from '../../api/call.ts'
import { ofConnection, type Whole } from './standing.tsx'

/** Somebody else has changed what is to be changed: with what it is now. */
export class ChangedMeanwhile extends Error {
  readonly present: Whole
  constructor(present: Whole, cause: Error) {
    super(cause.message, { cause })
    this.present = present
  }
}

/**
 * Changes a connection that was read as `base`. Throws `ChangedMeanwhile` where somebody else has changed it, unless it
 * `canGoOn` on top of that.
 */
export async function saveOn(
  base: Whole,
  change: Pick<Input<'connections.update'>, 'name' | 'definition' | 'settings'>,
  canGoOn: (present: Whole) => boolean,
): Promise<{ saved: Whole; before: Whole }> {
  const of = ofConnection(base)
  for (let known = base; ; ) {
    try {
      const { connection } = await call('connections.update', { ...of, ...change, revision: known.revision })
      return { saved: connection, before: known }
    } catch (error) {
      if (!(error instanceof CallError) || error.status !== 409) throw error
      const { connection: present } = await call('connections.get', of)
      if (present.revision === known.revision) throw error
      if (!canGoOn(present)) throw new ChangedMeanwhile(present, error)
      known = present
    }
  }
}

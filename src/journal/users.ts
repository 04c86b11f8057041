import type { RecordDocument } from '../store/records/index.ts'
import { type Committed, undone } from './inbox.ts'

export const isOfUser = ({ kind }: Pick<Committed, 'kind'>) => kind === 'users'

/** What a change of a user is in a portal: they may come to work there, or leave. `state`: as they are after it. Null: it does not concern it. */
export function userAction(
  { delta, locationId }: Pick<Committed, 'delta' | 'locationId'>,
  state: RecordDocument,
  action: string | undefined,
): string | null {
  const is = worksIn(locationId, state)
  if (action !== 'UPDATE') return is ? (action ?? null) : null
  const was = worksIn(locationId, undone(state, delta ?? {}))
  if (was && is) return 'UPDATE'
  return is ? 'CREATE' : was ? 'DELETE' : null
}

const worksIn = (locationId: string, { type, locationIds }: RecordDocument): boolean =>
  type === 'agency' || (Array.isArray(locationIds) && locationIds.includes(locationId))

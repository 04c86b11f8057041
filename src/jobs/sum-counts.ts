import { sumCounts } from '../store/records/index.ts'
import type { JobContext } from './context.ts'

/** Many writes have been counted one by one: their sum takes their place. */
export async function sumCountsOf({ db }: JobContext, payload: unknown): Promise<void> {
  const place = payload as { locationId: string; kind: string }
  while ((await sumCounts(db, place)) > 0);
}

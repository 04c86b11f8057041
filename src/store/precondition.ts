import { AppError } from '../errors.ts'

/** What a caller read before it decided on a change of one asset or record. */
export interface Precondition {
  id: string
  /** As it was told: the revision of an asset, the moment of the last change of a record. */
  revision: string
  /** Whoever changes the same thing twice has read what the first change made of it. */
  isMet?: true
}

/** Only where nobody writes between this and the change. Throws `changed_meanwhile`. */
export function refuseChanged(
  precondition: Precondition | undefined,
  { noun }: { noun: string },
  current: { id: string; revision(): string },
): void {
  if (precondition === undefined || precondition.isMet || precondition.id !== current.id) return
  if (precondition.revision !== current.revision()) throw new AppError('changed_meanwhile', { noun })
  precondition.isMet = true
}

import { AppError } from '../../errors.ts'
import { canonicalJson, hashText } from '../hash.ts'
import type { Asset } from './reads.ts'
import type { AssetResource } from './resource.ts'
import type { Precondition } from './scope.ts'

const LENGTH = 32

/** Names what a location's callers see of an asset, local values included: the same as long as nothing of it changes. */
export const revisionOf = ({ document }: Pick<Asset, 'document'>): string =>
  hashText(canonicalJson(document)).slice(0, LENGTH)

/** Only under the lock of the location: nobody writes between this and the change. Throws `changed_meanwhile`. */
export function refuseChanged(precondition: Precondition | undefined, { noun }: AssetResource, current: Asset): void {
  if (precondition?.id === current.id && precondition.revision !== revisionOf(current))
    throw new AppError('changed_meanwhile', { noun })
}

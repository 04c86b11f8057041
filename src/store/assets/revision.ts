import { canonicalJson, hashText } from '../hash.ts'
import type { Asset } from './reads.ts'

const LENGTH = 32

/** Names what a location's callers see of an asset, local values included: the same as long as nothing of it changes. */
export const revisionOf = ({ document }: Pick<Asset, 'document'>): string =>
  hashText(canonicalJson(document)).slice(0, LENGTH)

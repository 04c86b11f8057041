/*
 * Assets: configuration. A pointer (`asset`) for each, to a document in portable form (`blob`) that many locations
 * share, beside what belongs to the location (`local`).
 */

export { type Blob, getBlobs, type NewBlob, putBlobs } from './blobs.ts'
export { deleteAsset } from './deletion.ts'
export { isMissingKey, missingKeys } from './keys.ts'
export { partsMatched, readMatchedParts } from './lineages.ts'
export { initialLocal, seedsLocal, unseenIn } from './local-values.ts'
export { showNames } from './names.ts'
export { findPartLineage, toPartId } from './parts.ts'
export { isIdOf, misfitsOfPortable, portableFaultsOf } from './portable-faults.ts'
export {
  type Asset,
  countAssets,
  findAsset,
  findByLocal,
  getAsset,
  listAssetRows,
  listAssets,
  listPortable,
  type PortableAsset,
  readFormer,
} from './reads.ts'
export { type AssetDocument, type AssetResource, asset, keyOf, type StepRules, titleOf } from './resource.ts'
export { revisionOf } from './revision.ts'
export { type AssetScope, lockLocation } from './scope.ts'
export { createAsset, createAssets, updateAsset } from './writes.ts'

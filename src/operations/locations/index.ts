import { assetHistoryOperations } from './asset-history.ts'
import { assetOperations } from './assets.ts'
import { locationListOperations } from './lists.ts'
import { locationOperations } from './locations.ts'
import { locationPermissionOperations } from './permissions.ts'
import { recordHistory } from './record-history.ts'

export { ownOfLocation, revertLocations, writeLocations } from './sets.ts'

/** Sub-accounts, and what happened in them. */
export const operations = [
  ...locationOperations,
  ...locationListOperations,
  ...locationPermissionOperations,
  ...assetOperations,
  ...assetHistoryOperations,
  recordHistory,
]

import { agencyOperations } from './agencies.ts'
import { appOperations } from './apps.ts'
import { assetHistoryOperations } from './asset-history.ts'
import { assetOperations } from './assets.ts'
import { catalogOperation } from './catalog.ts'
import { conflictOperations } from './conflicts.ts'
import { locationOperations } from './locations.ts'
import { oauthOperations } from './oauth.ts'
import { pushOperations } from './pushes.ts'
import { recordOperations } from './records.ts'
import { createRegistry } from './registry.ts'
import { shareOperations } from './shares.ts'
import { snapshotOperations } from './snapshots.ts'
import { tokenOperations } from './tokens.ts'

const operations = [
  ...snapshotOperations,
  ...pushOperations,
  ...conflictOperations,
  ...shareOperations,
  ...locationOperations,
  ...assetHistoryOperations,
  ...assetOperations,
  ...recordOperations,
  ...tokenOperations,
  ...appOperations,
  ...oauthOperations,
  ...agencyOperations,
]

/** Everything a caller can ask for. */
export const registry = createRegistry([...operations, catalogOperation(operations)])

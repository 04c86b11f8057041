import { conflictOperations } from './conflicts.ts'
import { pushOperations } from './pushes.ts'
import { shareOperations } from './shares.ts'
import { snapshotOperations } from './snapshots.ts'

export { Compared, ComparedAsset, toCompared } from './compare.ts'
export { OtherVersions, readOthers } from './mixed.ts'
export { createPushFeeds } from './push-events.ts'
export { FleetStateName, fleetFilter } from './push-inputs.ts'
export { pushVersion } from './starting.ts'

/** Capturing, comparing, sharing and pushing configuration, and following what a push does. */
export const operations = [...snapshotOperations, ...pushOperations, ...conflictOperations, ...shareOperations]

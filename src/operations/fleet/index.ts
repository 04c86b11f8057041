import { fleetCompare } from './compare.ts'
import { fleetList } from './fleet.ts'
import { fleetChanges } from './recent.ts'

/** The agency as a whole: how its sub-accounts stand, and what changed in them. */
export const operations = [fleetList, fleetChanges, fleetCompare]

import { userSearchOperations } from './search.ts'
import { userOperations } from './users.ts'

export { faultsOfPeople, refuseStrangers } from './known.ts'
export { has, toUser, visible } from './wire.ts'

/** Who works for an agency and its sub-accounts. */
export const operations = [...userSearchOperations, ...userOperations]

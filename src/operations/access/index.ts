import { accountOperations } from './account.ts'
import { agencyOperations } from './agencies.ts'
import { appOperations } from './apps.ts'
import { companyOperations } from './companies.ts'
import { oauthOperations } from './oauth.ts'
import { peopleOperations } from './people.ts'
import { acceptOperation } from './person-links.ts'
import { savedFilterOperations } from './saved-filters.ts'
import { secondFactorOperations } from './second-factor.ts'
import { tokenOperations } from './tokens.ts'

export { appFaults } from './apps.ts'
export { securityEventsOperation } from './security-events.ts'

/** Agencies, their people, and what lets others in: tokens, apps and what these are allowed (OAuth). */
export const operations = [
  ...companyOperations,
  ...tokenOperations,
  ...appOperations,
  ...oauthOperations,
  ...agencyOperations,
  ...peopleOperations,
  acceptOperation,
  ...accountOperations,
  ...secondFactorOperations,
  ...savedFilterOperations,
]

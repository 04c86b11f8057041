import { type AppLife, isOfApp, type LocationLife } from '../../journal/index.ts'
import type { Change, EventType, Known } from './event-type.ts'

/** What an app is told of itself it may know in any case. */
const SCOPES = { app: [], location: ['locations.readonly', 'locations.write'] }

/** Nothing is sold here, so there are no plans and no trials; nor does an agency have another's name on it. */
function install({ row }: Change, known: Known): Record<string, unknown> {
  const { agencyId, locationId, userId } = row.event as AppLife
  return {
    locationId: locationId === '' ? undefined : locationId,
    companyId: agencyId,
    userId,
    isWhitelabelCompany: false,
    whitelabelDetails: {},
    companyName: known.companyName(agencyId),
  }
}

function uninstall({ row }: Change): Record<string, unknown> {
  const { agencyId, locationId } = row.event as AppLife
  return locationId === '' ? { locationId: undefined, companyId: agencyId } : { locationId }
}

function location({ row }: Change): Record<string, unknown> {
  const { agencyId, locationId, name, email } = row.event as LocationLife
  // Nor does it pay anybody.
  return { id: locationId, companyId: agencyId, name, ...(email === null ? {} : { email }) }
}

const life = (type: string, kind: 'app' | 'location', action: string, body: EventType['body']): EventType => ({
  type,
  kind,
  scopes: SCOPES[kind],
  onlyApps: kind === 'app',
  is: ({ row }) => row.event?.action === action,
  body,
})

export const lifeEvents: EventType[] = [
  life('INSTALL', 'app', 'APP_INSTALL', install),
  life('UNINSTALL', 'app', 'APP_UNINSTALL', uninstall),
  life('LocationCreate', 'location', 'LOCATION_CREATE', location),
  life('LocationUpdate', 'location', 'LOCATION_UPDATE', location),
]

export const kindOfLife = ({ event }: Change['row']) => (isOfApp(event) ? 'app' : 'location')

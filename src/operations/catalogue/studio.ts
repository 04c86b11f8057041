import { deriveId } from '../../ids.ts'

/*
 * The studio that samples tell of: Larkspur Photography in Hudson, its team, one couple and what it does for them.
 * Every sample is put together from these things, so they agree with each other, and they are the same on every run.
 */

export const id = (name: string) => deriveId('id20', 'larkspur', 'sample', name)
export const uuid = (name: string) => deriveId('uuid', 'larkspur', 'sample', name)
export const hex = (name: string) => deriveId('hex24', 'larkspur', 'sample', name)

export const traceId = uuid('trace')
export const locationId = id('location')
const companyId = id('company')
export const userId = id('ada')
export const contactId = id('rosan')
export const conversationId = id('conversation')
export const businessId = hex('deo ltd')
export const here = { locationId }
export const written = { dateAdded: '2026-03-02T15:04:05.000Z', dateUpdated: '2026-03-03T09:30:00.000Z' }
export const made = { createdAt: '2026-03-02T15:04:05.000Z', updatedAt: '2026-03-03T09:30:00.000Z' }

export const company = {
  id: companyId,
  name: 'Larkspur Group',
  relationshipNumber: '1-234-567',
  locationCount: 3,
  customerType: 'agency',
  status: 'active',
  dateAdded: '2025-11-01T08:00:00.000Z',
}

const address = {
  address: '12 Warren Street',
  city: 'Hudson',
  state: 'NY',
  country: 'US',
  postalCode: '12534',
  website: 'https://larkspur.example',
}
export const location = {
  id: locationId,
  companyId,
  name: 'Larkspur Photography',
  timezone: 'America/New_York',
  email: 'hello@larkspur.example',
  phone: '+15185550100',
  ...address,
  settings: {
    allowDuplicateContact: false,
    allowDuplicateOpportunity: false,
    allowFacebookNameMerge: false,
    disableContactTimezone: false,
    contactUniqueIdentifiers: ['email', 'phone'],
  },
  social: { instagram: 'https://instagram.com/larkspur' },
  logoUrl: '',
  domain: '',
  currency: '',
  defaultEmailService: '',
  snapshotId: '',
  brandId: '',
  dateAdded: '2025-11-01T08:00:00.000Z',
  automaticMobileAppInvite: false,
  isAgencySubAccount: false,
  permissions: { contactsEnabled: true, workflowsEnabled: true },
  business: { name: 'Larkspur Photography', timezone: 'America/New_York', ...address },
}

export const user = {
  id: userId,
  name: 'Ada Byron',
  firstName: 'Ada',
  lastName: 'Byron',
  email: 'ada@larkspur.example',
  phone: '+15185550101',
  extension: '',
  permissions: {
    contactsEnabled: true,
    appointmentsEnabled: true,
    opportunitiesEnabled: true,
    conversationsEnabled: true,
    settingsEnabled: false,
  },
  scopes: ['contacts.write', 'calendars.readonly'],
  scopesAssignedToOnly: [],
  totpEnabled: false,
  lcPhone: {},
  roles: { type: 'account', role: 'user', locationIds: [locationId], restrictSubAccount: false },
  deleted: false,
  platformLanguage: 'en_US',
  dateAdded: '2025-11-02T08:00:00.000Z',
}

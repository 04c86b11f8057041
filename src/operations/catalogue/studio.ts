import { deriveId } from '../../ids.ts'

/*
 * The studio that samples tell of: Larkspur Photography in Hudson, its team, one couple and what it does for them. Every
 * sample is put together from these things, so they agree with each other, and they are the same on every run.
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

const address = { address: '12 Warren Street', city: 'Hudson', state: 'NY', country: 'US', postalCode: '12534', website: 'https://larkspur.example' }
export const location = {
  id: locationId,
  companyId,
  name: 'Larkspur Photography',
  timezone: 'America/New_York',
  email: 'hello@larkspur.example',
  phone: '+15185550100',
  ...address,
  settings: { allowDuplicateContact: false, allowDuplicateOpportunity: false, allowFacebookNameMerge: false, disableContactTimezone: false },
  social: { instagram: 'https://instagram.com/larkspur' },
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
  permissions: { contactsEnabled: true, appointmentsEnabled: true, opportunitiesEnabled: true, conversationsEnabled: true, settingsEnabled: false },
  scopes: ['contacts.write', 'calendars.readonly'],
  roles: { type: 'account', role: 'user', locationIds: [locationId], restrictSubAccount: false },
  deleted: false,
  platformLanguage: 'en_US',
  dateAdded: '2025-11-02T08:00:00.000Z',
}

export const customField = {
  id: id('venue'),
  ...here,
  name: 'Venue',
  model: 'contact',
  fieldKey: 'contact.venue',
  dataType: 'TEXT',
  position: 0,
  placeholder: 'The barn',
}

export const contact = {
  id: contactId,
  ...here,
  firstName: 'Rosan',
  lastName: 'Deo',
  name: 'Rosan Deo',
  firstNameLowerCase: 'rosan',
  lastNameLowerCase: 'deo',
  fullNameLowerCase: 'rosan deo',
  email: 'rosan@example.com',
  emailLowerCase: 'rosan@example.com',
  phone: '+12025550142',
  type: 'lead',
  source: 'wedding fair',
  tags: ['bride', 'summer 2026'],
  dnd: false,
  assignedTo: userId,
  followers: [userId],
  businessId,
  companyName: 'Deo Ltd',
  address1: '3 Mill Lane',
  city: 'Kingston',
  state: 'NY',
  country: 'US',
  postalCode: '12401',
  timezone: 'America/New_York',
  customFields: [{ id: customField.id, value: 'The barn at Mill Creek' }],
  additionalEmails: [],
  additionalPhones: [],
  ...written,
}

export const task = {
  id: id('task'),
  contactId,
  title: 'Send the contract',
  body: 'With the price for two photographers.',
  assignedTo: userId,
  dueDate: '2026-03-06T17:00:00.000Z',
  completed: false,
}

export const note = {
  id: id('note'),
  contactId,
  userId,
  title: 'First call',
  body: 'Wants portraits before the ceremony.',
  color: '#FFAA00',
  pinned: true,
  dateAdded: written.dateAdded,
}

export const business = {
  id: businessId,
  ...here,
  name: 'Deo Ltd',
  email: 'office@deo.example',
  phone: '+12025550160',
  website: 'https://deo.example',
  address: '5 Wall Street',
  city: 'Kingston',
  state: 'NY',
  country: 'US',
  postalCode: '12401',
  description: 'Family business of the bride.',
  createdBy: { id: userId, source: 'token' },
  updatedBy: { id: userId, source: 'token' },
  ...made,
}

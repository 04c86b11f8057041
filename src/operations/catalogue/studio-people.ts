import { businessId, contactId, here, id, made, userId, written } from './studio.ts'

export const customField = {
  id: id('venue'),
  ...here,
  name: 'Venue',
  model: 'contact',
  fieldKey: 'contact.venue',
  dataType: 'TEXT',
  position: 0,
  placeholder: 'The barn',
  documentType: 'field',
  parentId: '',
  standard: false,
  scopes: [],
  dateAdded: written.dateAdded,
}

const BY_API = { source: 'INTEGRATION', channel: '', sourceId: '' }

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
  createdBy: { ...BY_API, timestamp: written.dateAdded },
  lastUpdatedBy: { ...BY_API, timestamp: written.dateUpdated },
  lastSessionActivityAt: written.dateAdded,
  deleted: false,
  bounceEmail: false,
  unsubscribeEmail: false,
  validEmail: null,
  validEmailDate: null,
}

export const listedContact = {
  ...contact,
  contactName: contact.name,
  firstNameRaw: contact.firstName,
  lastNameRaw: contact.lastName,
}

/** As the advanced search shows one; `opportunities` are added where they are known. */
export const foundContact = {
  ...listedContact,
  phoneLabel: null,
  businessName: contact.companyName,
  address: contact.address1,
  website: null,
  dateOfBirth: null,
  dndSettings: {},
  inboundDndSettings: {},
  attributionSource: {},
  lastAttributionSource: {},
  opportunities: [],
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
  bodyText: 'Wants portraits before the ceremony.',
  relations: [],
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

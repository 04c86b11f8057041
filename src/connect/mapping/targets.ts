import type { Conversion, Mapping } from './document.ts'

export interface Target {
  as: Conversion | 'raw'
  label: string
  /** An item of which no value comes, and no record of ours has one, cannot be written. */
  needed?: boolean
}

type Targets = Record<string, Target>
const target = (label: string, as: Target['as'] = 'text', needed = false): Target => ({
  as,
  label,
  ...(needed ? { needed } : {}),
})

const CONTACT: Targets = {
  firstName: target('First name'),
  lastName: target('Last name'),
  name: target('Full name'),
  email: target('E-mail', 'email'),
  phone: target('Phone', 'phone'),
  additionalEmails: target('Other e-mails', 'emails'),
  additionalPhones: target('Other phones', 'phones'),
  companyName: target('Company'),
  type: target('Type'),
  gender: target('Gender'),
  address1: target('Street'),
  city: target('City'),
  state: target('State'),
  country: target('Country', 'country'),
  postalCode: target('Postal code'),
  website: target('Website'),
  timezone: target('Time zone'),
  source: target('Source'),
  dateOfBirth: target('Date of birth', 'date'),
  tags: target('Tags', 'list'),
  dnd: target('Do not disturb', 'boolean'),
  assignedTo: target('Assigned to (id of a user)'),
}

const INVOICE: Targets = {
  total: target('Total', 'money', true),
  status: target('Status', 'text', true),
  customerId: target('Customer (its id in the other program)'),
  contactId: target('Contact (its id here)'),
  number: target('Number'),
  name: target('Name'),
  currency: target('Currency', 'currency'),
  amountPaid: target('Amount paid', 'money'),
  issueDate: target('Issued', 'date'),
  dueDate: target('Due', 'date'),
  paidAt: target('Paid', 'moment'),
  url: target('Address'),
  notes: target('Notes'),
}

const LOCATION: Targets = {
  name: target('Name', 'text', true),
  phone: target('Phone', 'phone'),
  address: target('Street'),
  city: target('City'),
  state: target('State'),
  country: target('Country', 'country'),
  postalCode: target('Postal code'),
  website: target('Website'),
  timezone: target('Time zone'),
}

/** Our fields, by what items become: what they are called and what they want. Custom fields of contacts come on top. */
export const TARGETS: Record<Mapping['object'], Targets> = { contact: CONTACT, invoice: INVOICE, location: LOCATION }

export const LINE_TARGETS: Targets = {
  name: target('Name', 'text', true),
  quantity: target('Quantity', 'number'),
  price: target('Price', 'money'),
}

/** Before the key of a custom field, where a mapping names one. */
export const CUSTOM_PREFIX = 'customFields.'
const CUSTOM = /^customFields\.[^\s.].*$/s

/** Undefined: there is no such field of ours. The type of a custom field is the location's affair. */
export function targetOf(object: Mapping['object'], to: string): Target | undefined {
  if (object === 'contact' && CUSTOM.test(to)) return target(to.slice(CUSTOM_PREFIX.length), 'raw')
  return Object.hasOwn(TARGETS[object], to) ? TARGETS[object][to] : undefined
}

import { appointments } from '../../resources/records/appointments.ts'
import { invoices } from '../../resources/records/invoices.ts'
import { opportunities } from '../../resources/records/opportunities.ts'
import type { RecordDocument } from '../../store/records/index.ts'
import {
  becomes,
  type Change,
  type EventType,
  event,
  fields,
  hasChanged,
  isCreated,
  isDeleted,
  isUpdated,
  type Known,
  madeAt,
} from './event-type.ts'

function opportunity(change: Change): Record<string, unknown> {
  return {
    id: change.row.entityId,
    ...fields(
      change.now,
      ...'assignedTo contactId monetaryValue name pipelineId pipelineStageId source status'.split(' '),
    ),
    dateAdded: madeAt(change),
  }
}

function appointment(change: Change, known: Known): Record<string, unknown> {
  const { now, row } = change
  const groupId = known.groupOf(row.locationId, now.calendarId)
  return {
    appointment: {
      id: row.entityId,
      ...fields(now, 'address', 'title', 'calendarId', 'contactId'),
      ...(groupId === undefined ? {} : { groupId }),
      ...fields(now, 'appointmentStatus', 'assignedUserId', 'users'),
      ...(now.description === undefined ? {} : { notes: now.description }),
      source: (now.createdBy as { source?: string } | undefined)?.source,
      ...fields(now, 'startTime', 'endTime'),
      dateAdded: madeAt(change),
      dateUpdated: row.at.toISOString(),
    },
  }
}

const amount = (value: unknown) => (typeof value === 'number' ? value : 0)

interface Item {
  name: string
  quantity?: number
  price?: number
}

const contactDetails = (id: unknown, contact: RecordDocument) => ({
  id,
  ...(contact.phone === undefined ? {} : { phoneNo: contact.phone }),
  ...fields(contact, 'email', 'companyName', 'customFields'),
  name: [contact.firstName, contact.lastName].filter((part) => typeof part === 'string').join(' '),
  address: {
    ...(contact.country === undefined ? {} : { countryCode: contact.country }),
    ...(contact.address1 === undefined ? {} : { addressLine1: contact.address1 }),
    ...fields(contact, 'city', 'state', 'postalCode'),
  },
  additionalEmails: ((contact.additionalEmails ?? []) as string[]).map((email) => ({ email })),
})

/** Invoices here are those of other programs: without taxes, discounts and products. */
function invoice(change: Change, known: Known): Record<string, unknown> {
  const { now, row } = change
  const items = (now.items ?? []) as Item[]
  const total = amount(now.total)
  const contact = known.contact(row.locationId, now.contactId)
  const named = now.name ?? now.number ?? now.externalId ?? ''
  return {
    _id: row.entityId,
    status: now.status,
    liveMode: true,
    amountPaid: amount(now.amountPaid),
    altId: row.locationId,
    altType: 'location',
    name: named,
    businessDetails: { name: known.locationName(row.locationId) ?? '' },
    ...(now.number === undefined ? {} : { invoiceNumber: now.number }),
    ...fields(now, 'currency'),
    ...(contact === undefined ? {} : { contactDetails: contactDetails(now.contactId, contact) }),
    ...fields(now, 'issueDate', 'dueDate'),
    discount: { type: 'fixed', value: 0 },
    invoiceItems: items.map(({ name, quantity = 1, price = 0 }) => ({
      name,
      qty: quantity,
      amount: price,
      ...fields(now, 'currency'),
    })),
    total,
    title: named,
    amountDue: total - amount(now.amountPaid),
    createdAt: madeAt(change),
    updatedAt: row.at.toISOString(),
    totalSummary: { subTotal: total, discount: 0 },
  }
}

export const dealEvents: EventType[] = [
  event('OpportunityCreate', opportunities, isCreated, opportunity),
  event('OpportunityUpdate', opportunities, isUpdated, opportunity),
  event('OpportunityDelete', opportunities, isDeleted, opportunity),
  event('OpportunityStatusUpdate', opportunities, hasChanged('status'), opportunity),
  event('OpportunityStageUpdate', opportunities, hasChanged('pipelineStageId', 'pipelineId'), opportunity),
  event('OpportunityMonetaryValueUpdate', opportunities, hasChanged('monetaryValue'), opportunity),
  event('OpportunityAssignedToUpdate', opportunities, hasChanged('assignedTo'), opportunity),
  event('AppointmentCreate', appointments, isCreated, appointment),
  event('AppointmentUpdate', appointments, isUpdated, appointment),
  event('AppointmentDelete', appointments, isDeleted, appointment),
  event('InvoiceCreate', invoices, isCreated, invoice),
  event('InvoiceUpdate', invoices, isUpdated, invoice),
  event('InvoiceDelete', invoices, isDeleted, invoice),
  event('InvoiceSent', invoices, becomes('status', 'sent'), invoice),
  event('InvoicePaid', invoices, becomes('status', 'paid'), invoice),
  event('InvoicePartiallyPaid', invoices, becomes('status', 'partially_paid'), invoice),
  event('InvoiceVoid', invoices, becomes('status', 'void'), invoice),
]

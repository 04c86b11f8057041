import type { Property } from '../property.ts'
import type { ObjectType } from '../types.ts'
import {
  invoiceProperties,
  lineItemProperties,
  orderProperties,
  productProperties,
  quoteProperties,
} from './commerce.ts'
import { companyProperties } from './companies.ts'
import { contactProperties } from './contacts.ts'
import { dealProperties } from './deals.ts'
import { appointmentProperties, meetingProperties, noteProperties, taskProperties } from './engagements.ts'
import { callProperties, emailProperties } from './messages.ts'
import { customObjectProperties, leadProperties, userProperties } from './people.ts'
import { ticketProperties } from './tickets.ts'

const STANDARD: Readonly<Record<string, readonly Property[]>> = {
  '0-1': contactProperties,
  '0-2': companyProperties,
  '0-3': dealProperties,
  '0-5': ticketProperties,
  '0-7': productProperties,
  '0-8': lineItemProperties,
  '0-14': quoteProperties,
  '0-27': taskProperties,
  '0-46': noteProperties,
  '0-47': meetingProperties,
  '0-48': callProperties,
  '0-49': emailProperties,
  '0-53': invoiceProperties,
  '0-115': userProperties,
  '0-123': orderProperties,
  '0-136': leadProperties,
  '0-421': appointmentProperties,
}

/** The properties that a type has in every portal. */
export const standardProperties = ({ typeId }: Pick<ObjectType, 'typeId'>): readonly Property[] =>
  STANDARD[typeId] ?? customObjectProperties

import type { Input, Output } from '../../api/call.ts'
import events from '../../api/webhook-events.json' with { type: 'json' }
import { kindWord } from '../../parts/kinds.ts'

export type Wish = NonNullable<Input<'webhooks.create'>['events']>[number]
export type EventName = Wish['type']

interface EventLine {
  type: EventName
  /** What it is about. */
  kind: string
  /** To webhooks of apps alone. */
  onlyApps: boolean
  /** Of changes: what they can be narrowed to. */
  fields: string[]
}

export const EVENTS = events as readonly EventLine[]

const NAMES: Record<EventName, string> = {
  ContactCreate: 'A contact is made',
  ContactUpdate: 'A contact changes',
  ContactDelete: 'A contact is deleted',
  ContactTagUpdate: 'Tags of a contact change',
  ContactDndUpdate: '“Do not disturb” of a contact changes',
  NoteCreate: 'A note is written',
  NoteUpdate: 'A note changes',
  NoteDelete: 'A note is deleted',
  TaskCreate: 'A task is made',
  TaskComplete: 'A task is done',
  TaskDelete: 'A task is deleted',
  CampaignStatusUpdate: 'A contact enters or leaves a campaign',
  UserCreate: 'Somebody joins the staff',
  OpportunityCreate: 'An opportunity is made',
  OpportunityUpdate: 'An opportunity changes',
  OpportunityDelete: 'An opportunity is deleted',
  OpportunityStatusUpdate: 'An opportunity is won, lost or open again',
  OpportunityStageUpdate: 'An opportunity moves to another stage',
  OpportunityMonetaryValueUpdate: 'The value of an opportunity changes',
  OpportunityAssignedToUpdate: 'An opportunity is given to somebody else',
  AppointmentCreate: 'An appointment is made',
  AppointmentUpdate: 'An appointment changes',
  AppointmentDelete: 'An appointment is deleted',
  InvoiceCreate: 'An invoice is made',
  InvoiceUpdate: 'An invoice changes',
  InvoiceDelete: 'An invoice is deleted',
  InvoiceSent: 'An invoice is sent',
  InvoicePaid: 'An invoice is paid',
  InvoicePartiallyPaid: 'A part of an invoice is paid',
  InvoiceVoid: 'An invoice is void',
  InboundMessage: 'Somebody writes to you',
  OutboundMessage: 'You write to somebody',
  ProviderOutboundMessage: 'A message is to be sent by your own provider',
  ConversationUnreadUpdate: 'A conversation is unread, or read',
  RecordCreate: 'A record of an object, or a business, is made',
  RecordUpdate: 'A record of an object, or a business, changes',
  RecordDelete: 'A record of an object, or a business, is deleted',
  AssociationCreate: 'A kind of association is made',
  AssociationUpdate: 'A kind of association changes',
  AssociationDelete: 'A kind of association is deleted',
  RelationCreate: 'Two records are connected',
  RelationDelete: 'Two records are connected no more',
  ObjectSchemaCreate: 'A custom object is made',
  ObjectSchemaUpdate: 'A custom object changes',
  INSTALL: 'The app is installed',
  UNINSTALL: 'The app is taken out',
  LocationCreate: 'A sub-account is made',
  LocationUpdate: 'A sub-account changes',
}

const GROUPS: Readonly<Record<string, string>> = {
  contacts: 'Contacts',
  notes: 'Notes',
  tasks: 'Tasks',
  enrolments: 'Campaigns',
  users: 'Staff',
  opportunities: 'Opportunities',
  appointments: 'Appointments',
  invoices: 'Invoices',
  messages: 'Messages',
  conversations: 'Conversations',
  object_records: 'Records of objects, and businesses',
  associations: 'Kinds of associations',
  object_associations: 'Connected records',
  objects: 'Custom objects',
  app: 'Apps',
  location: 'Sub-accounts',
}

export const TEST = 'WebhookTest'

/** An event as people say it. */
export const eventName = (type: string): string => (type === TEST ? 'A test' : (NAMES[type as EventName] ?? type))

export const groupName = (kind: string): string => GROUPS[kind] ?? kind

/** `companyName` as people write it. */
export const fieldName = (field: string): string => {
  const words = field.replace(/([a-z])([A-Z0-9])/g, '$1 $2').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What a call tells of: `Contact Ada`; by its id where nothing says what it is called. */
export function subjectText({
  subject,
  subjectName,
}: Pick<Output<'webhooks.deliveries'>['deliveries'][number], 'subject' | 'subjectName'>): string {
  const [kind = '', id = ''] = subject.split('/')
  const word = kindWord(kind).replaceAll('_', ' ')
  return `${word.charAt(0).toUpperCase()}${word.slice(1)} ${subjectName ?? id}`
}

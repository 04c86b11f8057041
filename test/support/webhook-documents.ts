/**
 * HighLevel's documents of webhooks (wire/highlevel/webhooks), each with the fields that it documents, and what becomes of
 * it here: the event that is sent, or why none is. `without`: documented fields that are never there, and why.
 */
export interface WebhookDocument {
  fields: string
  event?: string
  why?: string
  without?: Record<string, string>
}

const CONTACT =
  'type locationId id address1 city companyName country source dateAdded dateOfBirth dnd email name firstName lastName ' +
  'phone postalCode state tags website attachments assignedTo customFields'
const INVOICE =
  '_id status liveMode amountPaid altId altType name businessDetails invoiceNumber currency contactDetails issueDate ' +
  'dueDate discount invoiceItems total title amountDue createdAt updatedAt totalSummary'
const NOTE = 'type locationId id body contactId dateAdded'
const TASK = 'type locationId id assignedTo body contactId title dateAdded dueDate'
const OPPORTUNITY =
  'type locationId id assignedTo contactId monetaryValue name pipelineId pipelineStageId source status dateAdded'
const RECORD = 'type locationId owners followers properties id timestamp'
const RELATION = 'id firstObjectKey firstRecordId secondObjectKey secondRecordId associationId locationId'
const ASSOCIATION =
  'id associationType firstObjectKey firstObjectLabel firstObjectToSecondObjectCardinality secondObjectKey ' +
  'secondObjectLabel secondObjectToFirstObjectCardinality key locationId'
const SCHEMA = 'labels description searchableProperties primaryDisplayProperty key locationId timestamp objectType id'
const MESSAGE =
  'type locationId attachments body contactId contentType conversationId dateAdded direction messageType status messageId ' +
  'userId conversationProviderId callDuration callStatus emailMessageId threadId provider to cc bcc from subject'
const PRODUCTS = 'products here are those of the HubSpot wire: properties, without variants, prices and media'
const ORDERS = 'orders here are those of the HubSpot wire: properties, without items, payments and fulfilment'
const NO_STRIPE = { stripeProductId: 'locations pay nobody here' }
const NO_PROVIDER = { provider: 'which service carried a message is not stored' }
const BY = { createdBy: 'who did it stands in the history', updatedBy: 'who did it stands in the history' }

const told = (event: string, fields: string, without: Record<string, string> = {}): WebhookDocument => ({
  event,
  fields,
  without,
})
const untold = (why: string): WebhookDocument => ({ fields: '', why })

export const WEBHOOK_DOCUMENTS: Readonly<Record<string, WebhookDocument>> = {
  AppInstall: told(
    'INSTALL',
    'type appId companyId locationId userId planId trial isWhitelabelCompany whitelabelDetails companyName',
    { planId: 'apps cost nothing here', trial: 'apps cost nothing here' },
  ),
  AppUninstall: told('UNINSTALL', 'type appId companyId locationId', {
    companyId: 'of a location it is not documented',
  }),
  AppointmentCreate: told('AppointmentCreate', 'type locationId appointment'),
  AppointmentDelete: told('AppointmentDelete', 'type locationId appointment'),
  AppointmentUpdate: told('AppointmentUpdate', 'type locationId appointment'),
  AssociationCreate: told('AssociationCreate', ASSOCIATION),
  AssociationDelete: told('AssociationDelete', ASSOCIATION),
  AssociationUpdate: told('AssociationUpdate', ASSOCIATION),
  CampaignStatusUpdate: told(
    'CampaignStatusUpdate',
    'type locationId id contactId status templateId replied dateAdded',
    { templateId: 'campaigns send nothing here', replied: 'campaigns send nothing here' },
  ),
  ContactCreate: told('ContactCreate', CONTACT),
  ContactDelete: told('ContactDelete', CONTACT),
  ContactDndUpdate: told('ContactDndUpdate', `${CONTACT} dndSettings`),
  ContactTagUpdate: told('ContactTagUpdate', CONTACT),
  ContactUpdate: told('ContactUpdate', CONTACT),
  ConversationUnreadWebhook: told(
    'ConversationUnreadUpdate',
    'type locationId id contactId unreadCount inbox starred deleted',
  ),
  InboundMessage: told('InboundMessage', MESSAGE, NO_PROVIDER),
  InvoiceCreate: told('InvoiceCreate', INVOICE),
  InvoiceDelete: told('InvoiceDelete', INVOICE),
  InvoicePaid: told('InvoicePaid', INVOICE),
  InvoicePartiallyPaid: told('InvoicePartiallyPaid', INVOICE),
  InvoiceSent: told('InvoiceSent', INVOICE),
  InvoiceUpdate: told('InvoiceUpdate', INVOICE),
  InvoiceVoid: told('InvoiceVoid', INVOICE),
  LCEmailStats: untold('no mail is sent by LC Email here, so nobody opens it'),
  LocationCreate: told('LocationCreate', 'type id name email stripeProductId companyId', NO_STRIPE),
  LocationUpdate: told('LocationUpdate', 'type id name email stripeProductId companyId', NO_STRIPE),
  NoteCreate: told('NoteCreate', NOTE),
  NoteDelete: told('NoteDelete', NOTE),
  NoteUpdate: told('NoteUpdate', NOTE),
  ObjectSchemaCreate: told('ObjectSchemaCreate', `${SCHEMA} createdBy updatedBy updatedAt createdAt`, BY),
  ObjectSchemaUpdate: told('ObjectSchemaUpdate', `${SCHEMA} createdBy updatedBy updatedAt createdAt`, {
    ...BY,
    createdAt: 'a version does not know when its object was made',
  }),
  OpportunityAssignedToUpdate: told('OpportunityAssignedToUpdate', OPPORTUNITY),
  OpportunityCreate: told('OpportunityCreate', OPPORTUNITY),
  OpportunityDelete: told('OpportunityDelete', OPPORTUNITY),
  OpportunityMonetaryValueUpdate: told('OpportunityMonetaryValueUpdate', OPPORTUNITY),
  OpportunityStageUpdate: told('OpportunityStageUpdate', OPPORTUNITY),
  OpportunityStatusUpdate: told('OpportunityStatusUpdate', OPPORTUNITY),
  OpportunityUpdate: told('OpportunityUpdate', OPPORTUNITY),
  OrderCreate: untold(ORDERS),
  OrderStatusUpdate: untold(ORDERS),
  OutboundMessage: told('OutboundMessage', `${MESSAGE} source`, NO_PROVIDER),
  PlanChange: untold('apps cost nothing here, so they have no plans'),
  PriceCreate: untold(PRODUCTS),
  PriceDelete: untold(PRODUCTS),
  PriceUpdate: untold(PRODUCTS),
  ProductCreate: untold(PRODUCTS),
  ProductDelete: untold(PRODUCTS),
  ProductUpdate: untold(PRODUCTS),
  ProviderOutboundMessage: told(
    'ProviderOutboundMessage',
    'contactId locationId messageId emailMessageId type attachments message phone emailTo emailFrom html subject userId',
    { message: 'of a text only', phone: 'of a text only' },
  ),
  RecordCreate: told('RecordCreate', RECORD),
  RecordDelete: told('RecordDelete', RECORD),
  RecordUpdate: told('RecordUpdate', RECORD),
  RelationCreate: told('RelationCreate', RELATION),
  RelationDelete: told('RelationDelete', RELATION),
  TaskComplete: told('TaskComplete', TASK),
  TaskCreate: told('TaskCreate', TASK),
  TaskDelete: told('TaskDelete', TASK),
  UserCreate: told(
    'UserCreate',
    'type locationId companyId id firstName lastName email phone extension role permissions locations',
    { extension: 'users have no extension here' },
  ),
}

import { BAG, declare, optionsOf } from '../property.ts'

const { text, long, moment, choice, owner, always } = declare('ticketinformation', BAG)

export const ticketProperties = [
  ...always(),
  text('subject', 'Ticket name'),
  long('content', 'Ticket description'),
  choice('hs_pipeline', 'Pipeline', { open: true }),
  choice('hs_pipeline_stage', 'Ticket status', { open: true }),
  choice('hs_ticket_priority', 'Priority', { options: optionsOf('LOW MEDIUM HIGH URGENT') }),
  choice('hs_ticket_category', 'Category', {
    options: optionsOf('PRODUCT_ISSUE BILLING_ISSUE FEATURE_REQUEST GENERAL_INQUIRY'),
    fieldType: 'checkbox',
  }),
  choice('source_type', 'Source', { options: optionsOf('CHAT EMAIL FORM PHONE') }),
  choice('hs_resolution', 'Resolution', { open: true }),
  owner(),
  moment('closed_date', 'Close date'),
]

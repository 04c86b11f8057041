import type { RecordResource } from '../../store/records/index.ts'
import { appointmentNotes } from './appointment-notes.ts'
import { appointments } from './appointments.ts'
import { blockedSlots } from './blocked-slots.ts'
import { blogAuthors } from './blog-authors.ts'
import { blogCategories } from './blog-categories.ts'
import { blogPosts } from './blog-posts.ts'
import { blogs } from './blogs.ts'
import { businesses } from './businesses.ts'
import { contacts } from './contacts.ts'
import { conversations } from './conversations.ts'
import { crmProducts } from './crm-products.ts'
import { emailSchedules } from './email-schedules.ts'
import { enrolments } from './enrolments.ts'
import { files } from './files.ts'
import { invoices } from './invoices.ts'
import { leads } from './leads.ts'
import { lineItems } from './line-items.ts'
import { messages } from './messages.ts'
import { notes } from './notes.ts'
import { objectAssociations } from './object-associations.ts'
import { objectRecords } from './object-records.ts'
import { opportunities } from './opportunities.ts'
import { orders } from './orders.ts'
import { pendingUploads } from './pending-uploads.ts'
import { quotes } from './quotes.ts'
import { recordings } from './recordings.ts'
import { recurringAppointments } from './recurring-appointments.ts'
import { recurringTasks } from './recurring-tasks.ts'
import { redirects } from './redirects.ts'
import { schedules } from './schedules.ts'
import { formSubmissions, surveySubmissions } from './submissions.ts'
import { messageSubtypes, subscriptions } from './subscriptions.ts'
import { tasks } from './tasks.ts'
import { tickets } from './tickets.ts'
import { transcriptions } from './transcriptions.ts'
import { users } from './users.ts'

const ALL = [
  contacts,
  tasks,
  recurringTasks,
  notes,
  enrolments,
  opportunities,
  businesses,
  objectRecords,
  redirects,
  emailSchedules,
  users,
  formSubmissions,
  surveySubmissions,
  objectAssociations,
  blogs,
  blogAuthors,
  blogCategories,
  blogPosts,
  invoices,
  conversations,
  messages,
  files,
  pendingUploads,
  messageSubtypes,
  subscriptions,
  recordings,
  transcriptions,
  appointments,
  recurringAppointments,
  blockedSlots,
  appointmentNotes,
  schedules,
  tickets,
  crmProducts,
  lineItems,
  quotes,
  orders,
  leads,
] as unknown as RecordResource[]

/** Every kind of record. */
export const RECORDS: ReadonlyMap<string, RecordResource> = new Map(ALL.map((resource) => [resource.kind, resource]))

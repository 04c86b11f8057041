import type { RecordResource } from '../../store/record-resource.ts'
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
import { enrolments } from './enrolments.ts'
import { files } from './files.ts'
import { invoices } from './invoices.ts'
import { messages } from './messages.ts'
import { notes } from './notes.ts'
import { opportunities } from './opportunities.ts'
import { recordings } from './recordings.ts'
import { recurringAppointments } from './recurring-appointments.ts'
import { relations } from './relations.ts'
import { schedules } from './schedules.ts'
import { tasks } from './tasks.ts'
import { transcriptions } from './transcriptions.ts'
import { users } from './users.ts'

const ALL = [
  contacts,
  tasks,
  notes,
  enrolments,
  opportunities,
  businesses,
  users,
  relations,
  blogs,
  blogAuthors,
  blogCategories,
  blogPosts,
  invoices,
  conversations,
  messages,
  files,
  recordings,
  transcriptions,
  appointments,
  recurringAppointments,
  blockedSlots,
  appointmentNotes,
  schedules,
] as unknown as RecordResource[]

/** Every kind of record. */
export const RECORDS: ReadonlyMap<string, RecordResource> = new Map(ALL.map((resource) => [resource.kind, resource]))

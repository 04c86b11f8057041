import { appointmentNoteOperations } from './appointment-notes.ts'
import { appointmentOperations } from './appointments.ts'
import { calendarEventOperations } from './appointments-events.ts'
import { blockedSlotOperations } from './blocked-slots.ts'
import { blogOperations } from './blogs.ts'
import { blogPostOperations } from './blogs-posts.ts'
import { businessOperations } from './businesses.ts'
import { calendarNotificationOperations } from './calendar-notifications.ts'
import { companyOperations } from './companies.ts'
import { contactCrudOperations } from './contacts.ts'
import { contactEnrolmentOperations } from './contacts-enrolments.ts'
import { contactLinkOperations } from './contacts-links.ts'
import { contactNoteOperations } from './contacts-notes.ts'
import { contactSearchOperations } from './contacts-search.ts'
import { contactTagOperations } from './contacts-tags.ts'
import { contactTaskOperations } from './contacts-tasks.ts'
import { conversationOperations } from './conversations.ts'
import { customerOperations } from './customers.ts'
import { fileOperations } from './files-upload.ts'
import { freeSlotOperations } from './free-slots.ts'
import { invoiceOperations } from './invoices.ts'
import { messageReadOperations } from './messages.ts'
import { inboundOperations } from './messages-inbound.ts'
import { sendMessage } from './messages-send.ts'
import { messageStatusOperations } from './messages-status.ts'
import { opportunityOperations } from './opportunities.ts'
import { opportunityFollowerOperations } from './opportunities-followers.ts'
import { opportunitySearchOperations } from './opportunities-search.ts'
import { recordingOperations } from './recordings.ts'
import { recordHistory } from './records-history.ts'
import { relationOperations } from './relations.ts'
import { scheduleOperations } from './schedules.ts'
import { userOperations } from './users.ts'
import { userSearchOperations } from './users-search.ts'

/** Reading and writing CRM data, kind by kind. */
export const recordOperations = [
  ...contactCrudOperations,
  ...contactSearchOperations,
  ...contactTagOperations,
  ...contactTaskOperations,
  ...contactNoteOperations,
  ...contactEnrolmentOperations,
  ...contactLinkOperations,
  ...customerOperations,
  ...opportunitySearchOperations,
  ...opportunityOperations,
  ...opportunityFollowerOperations,
  ...userSearchOperations,
  ...userOperations,
  ...businessOperations,
  ...companyOperations,
  ...relationOperations,
  ...blogOperations,
  ...blogPostOperations,
  ...invoiceOperations,
  ...conversationOperations,
  ...messageReadOperations,
  sendMessage,
  ...inboundOperations,
  ...messageStatusOperations,
  ...recordingOperations,
  ...fileOperations,
  ...freeSlotOperations,
  ...appointmentOperations,
  ...calendarEventOperations,
  ...blockedSlotOperations,
  ...appointmentNoteOperations,
  ...calendarNotificationOperations,
  ...scheduleOperations,
  recordHistory,
]

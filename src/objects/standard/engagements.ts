import type { RecordDocument } from '../../store/records/index.ts'
import { BAG, declare, optionsOf, type Property } from '../property.ts'
import { spelled } from '../spelled.ts'

const { text, long, moment, choice, owner, always } = declare('engagementinformation', BAG)

const STANDARD = always()

const bagOf = (document: RecordDocument) => (document[BAG] ?? {}) as Record<string, string>

/** When it took place: as somebody said, or else when it was written down. */
export const happened = moment('hs_timestamp', 'Activity date', {
  place: {
    in: 'rule',
    fields: [BAG],
    rule: {
      expression:
        `coalesce(doc->'${BAG}'->>'hs_timestamp', ` +
        `to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`,
      read: (document, createdAt) => bagOf(document).hs_timestamp ?? createdAt?.toISOString() ?? null,
      write(document, text) {
        const { hs_timestamp: _, ...others } = bagOf(document)
        return { [BAG]: text === null ? others : { ...others, hs_timestamp: text } }
      },
    },
  },
})

/** What documents of several types say beside themselves. */
export const attached = [text('hs_attachment_ids', 'Attached file IDs'), text('hs_activity_type', 'Activity type')]

/** Of a task that is not done, the bag says more of how it stands. */
const taskStatus: Property = choice('hs_task_status', 'Task Status', {
  options: optionsOf('NOT_STARTED IN_PROGRESS WAITING DEFERRED COMPLETED'),
  place: {
    in: 'rule',
    fields: ['completed', BAG],
    rule: {
      expression:
        "case when doc->>'completed' = 'true' then 'COMPLETED' " +
        "else coalesce(doc->'properties'->>'hs_task_status', 'NOT_STARTED') end",
      read(document) {
        const said = bagOf(document).hs_task_status
        if (document.completed === true) return 'COMPLETED'
        // A change may have touched the bag alone.
        return said ?? (document.completed === undefined ? null : 'NOT_STARTED')
      },
      write(document, status) {
        const { hs_task_status: _, ...rest } = bagOf(document)
        const said =
          status === null || status === 'COMPLETED' || status === 'NOT_STARTED' ? {} : { hs_task_status: status }
        return { completed: status === 'COMPLETED', [BAG]: { ...rest, ...said } }
      },
    },
  },
})

export const taskProperties = [
  ...STANDARD,
  text('hs_task_subject', 'Task Title', { field: 'title' }),
  long('hs_task_body', 'Task Notes', { field: 'body' }),
  moment('hs_timestamp', 'Due date', { field: 'dueDate' }),
  taskStatus,
  choice('hs_task_priority', 'Priority', { options: optionsOf('NONE LOW MEDIUM HIGH') }),
  choice('hs_task_type', 'Task Type', { options: optionsOf('TODO EMAIL CALL LINKED_IN_MESSAGE MEETING') }),
  owner('assignedTo'),
]

export const noteProperties = [
  ...STANDARD,
  long('hs_note_body', 'Note body', { field: 'body', fieldType: 'html' }),
  happened,
  ...attached,
  owner('userId'),
]

/** What became of an appointment: HighLevel's words and HubSpot's. */
const outcome = (name: string, label: string): Property =>
  choice(name, label, {
    options: optionsOf('SCHEDULED COMPLETED RESCHEDULED NO_SHOW CANCELED'),
    place: spelled(name, ['appointmentStatus'], {
      shown: {
        new: 'SCHEDULED',
        confirmed: 'SCHEDULED',
        active: 'SCHEDULED',
        showed: 'COMPLETED',
        completed: 'COMPLETED',
        noshow: 'NO_SHOW',
        cancelled: 'CANCELED',
        invalid: 'CANCELED',
      },
      means: {
        SCHEDULED: 'confirmed',
        RESCHEDULED: 'confirmed',
        COMPLETED: 'showed',
        NO_SHOW: 'noshow',
        CANCELED: 'cancelled',
      },
    }),
  })

export const meetingProperties = [
  ...STANDARD,
  text('hs_meeting_title', 'Meeting name', { field: 'title' }),
  long('hs_meeting_body', 'Meeting description', { field: 'description' }),
  moment('hs_timestamp', 'Activity date', { field: 'startTime' }),
  moment('hs_meeting_start_time', 'Start time', { field: 'startTime' }),
  moment('hs_meeting_end_time', 'End time', { field: 'endTime' }),
  text('hs_meeting_location', 'Meeting location', { field: 'address' }),
  text('hs_meeting_external_url', 'Meeting link'),
  outcome('hs_meeting_outcome', 'Meeting outcome'),
  long('hs_internal_meeting_notes', 'Internal meeting notes'),
  ...attached,
  owner('assignedUserId'),
]

export const appointmentProperties = [
  ...STANDARD,
  text('hs_appointment_name', 'Appointment name', { field: 'title' }),
  long('hs_appointment_notes', 'Notes', { field: 'description' }),
  moment('hs_appointment_start', 'Start time', { field: 'startTime' }),
  moment('hs_appointment_end', 'End time', { field: 'endTime' }),
  outcome('hs_appointment_status', 'Status'),
  owner('assignedUserId'),
]

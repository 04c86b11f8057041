import { contacts } from '../../resources/records/contacts.ts'
import { enrolments } from '../../resources/records/enrolments.ts'
import { notes } from '../../resources/records/notes.ts'
import { tasks } from '../../resources/records/tasks.ts'
import { users } from '../../resources/records/users.ts'
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
  madeAt,
} from './event-type.ts'

function contact(change: Change): Record<string, unknown> {
  const { now, row } = change
  const name = [now.firstName, now.lastName].filter((part) => typeof part === 'string').join(' ')
  return {
    id: row.entityId,
    ...fields(now, ...'address1 city companyName country source dateOfBirth'.split(' ')),
    dateAdded: madeAt(change),
    ...fields(now, 'dnd', 'email'),
    ...(name === '' ? {} : { name }),
    ...fields(now, ...'firstName lastName phone postalCode state tags website'.split(' ')),
    // Files of a contact stand in its fields.
    attachments: [],
    ...fields(now, 'assignedTo', 'customFields'),
  }
}

function task(change: Change): Record<string, unknown> {
  const { now, row } = change
  return {
    id: row.entityId,
    ...fields(now, 'assignedTo', 'body', 'contactId', 'title', 'dueDate'),
    dateAdded: madeAt(change),
  }
}

function note(change: Change): Record<string, unknown> {
  return { id: change.row.entityId, ...fields(change.now, 'body', 'contactId'), dateAdded: madeAt(change) }
}

/** Where somebody stands in a campaign. */
function enrolment({ now }: Change): Record<string, unknown> {
  return { id: now.assetId, ...fields(now, 'contactId'), status: now.state, dateAdded: now.enteredAt }
}

/** Of the agency, or of the locations where they work. */
function user({ now, row }: Change): Record<string, unknown> {
  const own = {
    id: row.entityId,
    ...fields(now, 'firstName', 'lastName', 'email', 'phone', 'role'),
    permissions: now.permissions ?? {},
  }
  const locations = Array.isArray(now.locationIds) ? (now.locationIds as string[]) : []
  if (now.type === 'agency') return { locationId: undefined, companyId: row.under, ...own, locations }
  return { locationId: row.locationId || locations[0], companyId: row.under, ...own, locations }
}

export const peopleEvents: EventType[] = [
  event('ContactCreate', contacts, isCreated, contact),
  event('ContactUpdate', contacts, isUpdated, contact),
  event('ContactDelete', contacts, isDeleted, contact),
  event('ContactTagUpdate', contacts, hasChanged('tags'), contact),
  event('ContactDndUpdate', contacts, hasChanged('dnd', 'dndSettings', 'inboundDndSettings'), (change) => ({
    ...contact(change),
    dndSettings: change.now.dndSettings ?? {},
  })),
  event('NoteCreate', notes, isCreated, note),
  event('NoteUpdate', notes, isUpdated, note),
  event('NoteDelete', notes, isDeleted, note),
  event('TaskCreate', tasks, isCreated, task),
  event('TaskComplete', tasks, becomes('completed', true), task),
  event('TaskDelete', tasks, isDeleted, task),
  event(
    'CampaignStatusUpdate',
    enrolments,
    ({ act, now, delta }) =>
      now.assetKind === 'campaigns' && (act === 'create' || (act === 'update' && 'state' in delta)),
    enrolment,
  ),
  event('UserCreate', users, isCreated, user),
]

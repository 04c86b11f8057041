import { CHANGED, many, one } from './dedupe.ts'
import { action, type CatalogEntry, trigger } from './entry.ts'
import { traceId } from './studio.ts'
import { appointment } from './studio-calendars.ts'
import { contact, foundContact, listedContact, note, task } from './studio-people.ts'

const SEARCH_AFTER = Date.parse(contact.dateAdded)

export const contactEntries: readonly CatalogEntry[] = [
  trigger('Get Contact', 'Retrieve a specific contact by ID', 'GET /contacts/:contactId', {
    dedupe: one('contact', CHANGED),
    sample: { contact },
  }),
  trigger('Search Contacts', 'Advanced search with filters', 'POST /contacts/search', {
    dedupe: many('contacts', { ...CHANGED, newest: { sort: [{ field: 'dateUpdated', direction: 'desc' }] } }),
    sample: { contacts: [{ ...foundContact, searchAfter: [SEARCH_AFTER, contact.id] }], total: 1, traceId },
  }),
  trigger('Get Contacts by Business', 'Retrieve contacts linked to a business', 'GET /contacts/business/:businessId', {
    dedupe: many('contacts', CHANGED),
    sample: { contacts: [listedContact], count: 1 },
  }),
  trigger('Get Duplicate Contact', 'Check for duplicate contacts', 'GET /contacts/search/duplicate', {
    dedupe: one('contact', CHANGED),
    sample: { contact, matchingField: 'email', traceId },
  }),
  trigger('Get Contact Appointments', 'List all appointments for a contact', 'GET /contacts/:contactId/appointments', {
    dedupe: many('events', CHANGED),
    sample: { events: [{ ...appointment, status: appointment.appointmentStatus }] },
  }),
  trigger('Get Contact Tasks', 'Retrieve all tasks for a contact', 'GET /contacts/:contactId/tasks', {
    dedupe: many('tasks'),
    sample: { tasks: [task] },
  }),
  trigger('Get Contact Task by ID', 'Get specific task details', 'GET /contacts/:contactId/tasks/:taskId', {
    dedupe: one('task'),
    sample: { task },
  }),
  trigger('Get Contact Notes', 'List all notes for a contact', 'GET /contacts/:contactId/notes', {
    dedupe: many('notes'),
    sample: { notes: [note] },
  }),
  trigger('Get Contact Note by ID', 'Retrieve specific note details', 'GET /contacts/:contactId/notes/:id', {
    dedupe: one('note'),
    sample: { note },
  }),
  trigger('List Contacts (Deprecated)', 'Legacy contact listing method', 'GET /contacts/', {
    dedupe: many('contacts', { ...CHANGED, newest: { sortBy: 'date_updated', order: 'desc' } }),
    sample: {
      contacts: [listedContact],
      count: 1,
      traceId,
      meta: {
        total: 1,
        startAfter: SEARCH_AFTER,
        startAfterId: contact.id,
        currentPage: 1,
        nextPage: null,
        prevPage: null,
        nextPageUrl: null,
      },
    },
  }),
  action('Create Contact', 'Add a new contact to the system', 'POST /contacts/'),
  action('Update Contact', 'Modify existing contact information', 'PUT /contacts/:contactId'),
  action('Find Contact', 'Search by email, phone, or ID', 'GET /contacts/search/duplicate', {
    'GET /contacts/:contactId': 'You have its ID.',
    'POST /contacts/search': 'You have something else, or want every match.',
  }),
  action('Delete Contact', 'Remove a contact permanently', 'DELETE /contacts/:contactId'),
  action('Upsert Contact', 'Create or update contact automatically', 'POST /contacts/upsert'),
  action('Add Tags to Contact', 'Tag contacts for organization', 'POST /contacts/:contactId/tags'),
  action('Remove Tags from Contact', 'Remove specific tags', 'DELETE /contacts/:contactId/tags'),
  action('Bulk Update Contact Tags', 'Add or remove multiple tags at once', 'POST /contacts/bulk/tags/update/:type'),
  action('Create Contact Task', 'Add a new task for a contact', 'POST /contacts/:contactId/tasks'),
  action('Update Contact Task', 'Modify existing task details', 'PUT /contacts/:contactId/tasks/:taskId'),
  action('Complete Contact Task', 'Mark task as complete', 'PUT /contacts/:contactId/tasks/:taskId/completed'),
  action('Delete Contact Task', 'Remove a task permanently', 'DELETE /contacts/:contactId/tasks/:taskId'),
  action('Create Contact Note', 'Add notes to contact records', 'POST /contacts/:contactId/notes'),
  action('Update Contact Note', 'Edit existing notes', 'PUT /contacts/:contactId/notes/:id'),
  action('Delete Contact Note', 'Remove notes from contacts', 'DELETE /contacts/:contactId/notes/:id'),
  action('Add Contact to Campaign', 'Enroll contact in campaign', 'POST /contacts/:contactId/campaigns/:campaignId'),
  action(
    'Remove from Campaign',
    'Remove contact from specific campaign',
    'DELETE /contacts/:contactId/campaigns/:campaignId',
  ),
  action('Remove from All Campaigns', 'Unenroll from all campaigns', 'DELETE /contacts/:contactId/campaigns/removeAll'),
]

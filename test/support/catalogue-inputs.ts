import type { TestAgency, TestLocation } from './tenants.ts'

export type Input = Record<string, unknown>

/** Whom a call of the catalogue is about. */
export interface Named {
  agency: TestAgency
  location: TestLocation
  /** Ids of things that stand ready: `{contactId}` of a path is `ids.contactId`. */
  ids: Record<string, string>
}

const DAY = 86_400_000
export const at = (days: number, hour = 0) =>
  new Date(Math.floor(Date.now() / DAY) * DAY + days * DAY + hour * 3_600_000)
export const slot = (days: number) => ({ startTime: at(days, 9).toISOString(), endTime: at(days, 10).toISOString() })
const period = () => ({ startTime: String(at(0).getTime()), endTime: String(at(5).getTime()) })
export const user = (email: string, location: TestLocation) => ({
  firstName: 'Ada',
  lastName: 'Byron',
  email,
  password: 'secret',
  scopes: ['contacts.write'],
  scopesAssignedToOnly: ['contacts.write'],
  type: 'account',
  role: 'admin',
  locationIds: [location.id],
})
export const association = (key: string) => ({
  key,
  firstObjectLabel: 'Person',
  firstObjectKey: 'contact',
  secondObjectLabel: 'Employer',
  secondObjectKey: 'business',
})
const page = { limit: 10, offset: 0 }
export const blogPost = (urlSlug: string, ids: Named['ids']) => ({
  blogId: ids.blogId,
  title: 'Ten questions',
  description: 'Before you sign.',
  imageUrl: 'https://example.com/venue.jpg',
  imageAltText: 'A venue',
  rawHTML: '<h1>Ten questions</h1>',
  status: 'PUBLISHED',
  categories: [ids.categoryId],
  author: ids.authorId,
  urlSlug,
  publishedAt: '2025-02-05T18:30:47.000Z',
})
const notification = { receiverType: 'contact', channel: 'email', notificationType: 'booked', isActive: true }
/**
 * What each line is asked with, beside the ids in its path: query and body in one, a body that is a list without a
 * name. Lines that need nothing more are left out.
 */
export function catalogueInputs({ agency, location, ids }: Named): Record<string, () => Input> {
  const here = () => ({ locationId: location.id })
  return {
    'POST /contacts/search': () => ({ ...here(), pageLimit: 10, page: 1 }),
    'GET /contacts/business/{businessId}': () => ({ ...here(), limit: '10', skip: '0' }),
    'GET /contacts/search/duplicate': () => ({ ...here(), email: 'rosan@example.com' }),
    'GET /contacts/': here,
    'POST /contacts/': () => ({ ...here(), firstName: 'Nia', email: 'nia@example.com' }),
    'PUT /contacts/{contactId}': () => ({ city: 'Hudson' }),
    'POST /contacts/upsert': () => ({ ...here(), email: 'rosan@example.com', lastName: 'Deo' }),
    'POST /contacts/{contactId}/tags': () => ({ tags: ['vip'] }),
    'DELETE /contacts/{contactId}/tags': () => ({ tags: ['vip'] }),
    'POST /contacts/bulk/tags/update/{type}': () => ({ ...here(), contacts: [ids.contactId], tags: ['fair'] }),
    'POST /contacts/{contactId}/tasks': () => ({ title: 'Write', dueDate: at(1).toISOString(), completed: false }),
    'PUT /contacts/{contactId}/tasks/{taskId}': () => ({ title: 'Write twice' }),
    'PUT /contacts/{contactId}/tasks/{taskId}/completed': () => ({ completed: true }),
    'POST /contacts/{contactId}/notes': () => ({ body: 'Likes boats' }),
    'GET /contacts/{contactId}/notes/{id}': () => ({ id: ids.contactNote }),
    'PUT /contacts/{contactId}/notes/{id}': () => ({ id: ids.contactNote, body: 'Likes barns and boats' }),
    'DELETE /contacts/{contactId}/notes/{id}': () => ({ id: ids.contactNote }),
    'GET /calendars/groups': here,
    'GET /calendars/': here,
    'GET /calendars/{calendarId}/free-slots': () => ({ startDate: at(0).getTime(), endDate: at(5).getTime() }),
    'GET /calendars/events': () => ({ ...here(), ...period(), calendarId: ids.calendarId }),
    'GET /calendars/blocked-slots': () => ({ ...here(), ...period(), calendarId: ids.calendarId }),
    'GET /calendars/events/appointments/{eventId}': () => ({ eventId: ids.appointmentId }),
    'GET /calendars/appointments/{appointmentId}/notes': () => page,
    'GET /calendars/resources/{resourceType}': () => ({ ...here(), limit: 10, skip: 0 }),
    'GET /calendars/resources/{resourceType}/{id}': () => ({ id: ids.resource }),
    'POST /calendars/groups': () => ({ ...here(), name: 'Talks', description: 'Talks', slug: 'talks' }),
    'PUT /calendars/groups/{groupId}': () => ({ name: 'Meetings', description: 'Every one', slug: 'meetings' }),
    'PUT /calendars/groups/{groupId}/status': () => ({ isActive: true }),
    'POST /calendars/groups/validate-slug': () => ({ ...here(), slug: 'free' }),
    'POST /calendars/': () => ({ ...here(), name: 'Tour' }),
    'PUT /calendars/{calendarId}': () => ({ name: 'Long talk' }),
    'POST /calendars/events/appointments': () => ({
      ...here(),
      calendarId: ids.calendarId,
      contactId: ids.contactId,
      startTime: at(4, 12).toISOString(),
      ignoreFreeSlotValidation: true,
    }),
    'PUT /calendars/events/appointments/{eventId}': () => ({ eventId: ids.appointmentId, title: 'Second talk' }),
    'DELETE /calendars/events/{eventId}': () => ({ eventId: ids.appointmentId }),
    'POST /calendars/events/block-slots': () => ({ ...here(), calendarId: ids.calendarId, ...slot(4) }),
    'PUT /calendars/events/block-slots/{eventId}': () => ({
      ...here(),
      eventId: ids.blockId,
      calendarId: ids.calendarId,
      ...slot(3),
      title: 'Closed',
    }),
    'POST /calendars/appointments/{appointmentId}/notes': () => ({ body: 'Bring the ring' }),
    'PUT /calendars/appointments/{appointmentId}/notes/{noteId}': () => ({ body: 'Bring both' }),
    'POST /calendars/{calendarId}/notifications': () => ({ '': [notification] }),
    'PUT /calendars/{calendarId}/notifications/{notificationId}': () => ({ isActive: false }),
    'POST /calendars/resources/{resourceType}': () => ({
      ...here(),
      name: 'Hall',
      description: '',
      quantity: 1,
      outOfService: 0,
      capacity: 9,
      calendarIds: [],
    }),
    'PUT /calendars/resources/{resourceType}/{id}': () => ({ id: ids.resource, name: 'Big studio' }),
    'DELETE /calendars/resources/{resourceType}/{id}': () => ({ id: ids.resource }),
    'GET /opportunities/search': here,
    'GET /opportunities/{id}': () => ({ id: ids.opportunity }),
    'GET /opportunities/pipelines': here,
    'POST /opportunities/': () => ({
      ...here(),
      pipelineId: ids.pipelineId,
      name: 'Party',
      status: 'open',
      contactId: ids.spareContactId,
    }),
    'PUT /opportunities/{id}': () => ({ id: ids.opportunity, monetaryValue: 4200 }),
    'DELETE /opportunities/{id}': () => ({ id: ids.opportunity }),
    'PUT /opportunities/{id}/status': () => ({ id: ids.opportunity, status: 'won' }),
    'POST /opportunities/upsert': () => ({
      ...here(),
      id: ids.opportunity,
      pipelineId: ids.pipelineId,
      followers: [ids.userId],
      isRemoveAllFollowers: false,
      followersActionType: 'add',
    }),
    'POST /opportunities/{id}/followers': () => ({ id: ids.opportunity, followers: [ids.userId] }),
    'DELETE /opportunities/{id}/followers': () => ({ id: ids.opportunity, followers: [ids.userId] }),
    'GET /users/search': () => ({ companyId: agency.companyId }),
    'POST /users/search/filter-by-email': () => ({ companyId: agency.companyId, emails: 'ada@example.com' }),
    'GET /users/': here,
    'POST /users/': () => ({ companyId: agency.companyId, ...user('grace@example.com', location) }),
    'PUT /users/{userId}': () => ({ firstName: 'Augusta' }),
    'GET /conversations/search': here,
    'GET /conversations/messages/email/{id}': () => ({ id: ids.email }),
    'GET /conversations/messages/{id}': () => ({ id: ids.messageId }),
    'PUT /conversations/messages/{messageId}/status': () => ({ status: 'delivered' }),
    'POST /conversations/providers/live-chat/typing': () => ({
      ...here(),
      isTyping: 'true',
      visitorId: 'visitor',
      conversationId: ids.conversationId,
    }),
    'GET /businesses/': here,
    'POST /businesses/': () => ({ ...here(), name: 'Okafor Ltd' }),
    'PUT /businesses/{businessId}': () => ({ city: 'Hudson' }),
    'GET /workflows/': here,
    'GET /snapshots/': () => ({ companyId: agency.companyId }),
    'GET /campaigns/': here,
    'POST /contacts/{contactId}/workflow/{workflowId}': () => ({ eventStartTime: '2026-10-25T11:00:00+00:00' }),
    'DELETE /contacts/{contactId}/workflow/{workflowId}': () => ({ eventStartTime: '2026-10-25T11:00:00+00:00' }),
    'POST /contacts/{contactId}/followers': () => ({ followers: [ids.userId] }),
    'DELETE /contacts/{contactId}/followers': () => ({ followers: [ids.userId] }),
    'POST /contacts/bulk/business': () => ({ ...here(), ids: [ids.contactId], businessId: ids.businessId }),
    'GET /associations/': () => ({ ...here(), skip: 0, limit: 10 }),
    'GET /associations/key/{key_name}': () => ({ ...here(), keyName: 'employer' }),
    'GET /associations/objectKey/{objectKey}': () => ({ ...here(), objectKey: 'contact' }),
    'GET /associations/relations/{recordId}': () => ({ ...here(), recordId: ids.contactId, skip: 0, limit: 10 }),
    'POST /associations/': () => ({ ...here(), ...association('client') }),
    'PUT /associations/{associationId}': () => ({ firstObjectLabel: 'Human', secondObjectLabel: 'Firm' }),
    'POST /associations/relations': () => ({
      ...here(),
      associationId: ids.associationId,
      firstRecordId: ids.spareContactId,
      secondRecordId: ids.businessId,
    }),
    'DELETE /associations/relations/{relationId}': here,
    'GET /blogs/posts/url-slug-exists': () => ({ ...here(), urlSlug: 'first' }),
    'GET /blogs/authors': () => ({ ...here(), ...page }),
    'GET /blogs/categories': () => ({ ...here(), ...page }),
    'GET /blogs/posts/all': () => ({ ...here(), ...page, blogId: ids.blogId }),
    'GET /blogs/site/all': () => ({ ...here(), skip: 0, limit: 10 }),
    'POST /blogs/posts': () => ({ ...here(), ...blogPost('second', ids) }),
    'PUT /blogs/posts/{postId}': () => ({ ...here(), ...blogPost('first', ids) }),
    'POST /locations/': () => ({ companyId: agency.companyId, name: 'Another' }),
  }
}

import type { Input } from './catalogue-inputs.ts'
import type { CatalogueWorld } from './catalogue-world.ts'
import { listAdditions } from './list-additions.ts'
import { byOffset, bySkip, type Item, type List, listed } from './paged-list.ts'

const reminder = { receiverType: 'contact', channel: 'email', notificationType: 'reminder', isActive: true }

/** As the HubSpot wire tells of the next page. */
const byPaging: List['next'] = ({ body, seen }) => {
  const { after } = (body.paging as { next: { after: string } } | undefined)?.next ?? {}
  return after === undefined ? (seen === 0 ? {} : null) : { after }
}

/**
 * Lists that go on behind the last item, or come in the order of creation, by the name of their operation: what is added
 * meanwhile comes later or not at all.
 */
export function exactLists(world: () => CatalogueWorld): Record<string, List> {
  const {
    here,
    company,
    post,
    asAgency,
    person,
    newDeal,
    newMessage,
    newUser,
    newLocation,
    newAssociation,
    newRelation,
    newRoom,
  } = listAdditions(world)
  return {
    'contacts.list': {
      path: () => '/contacts/',
      items: listed('contacts'),
      add: (unique) => post('/contacts/', { ...here(), ...person(unique) }),
      next: ({ body }) => {
        const { startAfter, startAfterId } = (body.meta ?? {}) as Input
        return startAfter === undefined ? {} : { startAfter, startAfterId }
      },
    },
    'opportunities.search by startAfter': {
      path: () => '/opportunities/search',
      query: () => ({ location_id: world().location.id }),
      items: listed('opportunities'),
      add: newDeal,
      next: ({ body }) => {
        const { startAfter, startAfterId } = (body.meta ?? {}) as Input
        return startAfter === undefined ? {} : { startAfter, startAfterId }
      },
    },
    'opportunities.searchAdvanced': {
      path: () => '/opportunities/search',
      body: here,
      items: listed('opportunities'),
      add: newDeal,
      next: ({ items }) => (items.length === 0 ? {} : { searchAfter: items.at(-1)?.searchAfter }),
    },
    'messages.list': {
      path: () => `/conversations/${world().ids.conversationId}/messages`,
      items: (body) => (Array.isArray(body.messages) ? body.messages : (body.messages as Input).messages) as Item[],
      add: newMessage,
      next: ({ items }) => (items.length === 0 ? {} : { lastMessageId: items.at(-1)?.id }),
    },
    'messages.export': {
      path: () => '/conversations/messages/export',
      pageSize: 10,
      items: listed('messages'),
      add: newMessage,
      next: ({ body }) =>
        body.messages === undefined ? {} : body.nextCursor === undefined ? null : { cursor: body.nextCursor },
    },
    'snapshots.assets': {
      path: () => `/snapshots/${world().ids.snapshotId}/assets`,
      query: company,
      byAgency: true,
      items: (body) => (body.assets as Input[]).map((asset) => ({ id: `${asset.kind}/${asset.lineage}` })),
      add: (unique) => post('/forms/', { ...here(), name: unique, fields: [] }),
      next: ({ body }) =>
        body.assets === undefined ? {} : body.after === null || body.after === undefined ? null : { after: body.after },
    },
    'users.search': {
      path: () => '/users/search',
      query: company,
      byAgency: true,
      items: listed('users'),
      add: newUser,
      next: bySkip,
    },
    'owners.list': {
      path: () => '/crm/v3/owners/',
      items: listed('results'),
      add: newUser,
      next: byPaging,
    },
    'crmObjects.list': {
      path: () => '/crm/v3/objects/tickets',
      items: listed('results'),
      add: (subject) => post('/crm/v3/objects/tickets', { properties: { subject } }),
      next: byPaging,
    },
    'crmObjects.search': {
      path: () => '/crm/v3/objects/orders/search',
      body: () => ({ sorts: ['hs_createdate'] }),
      items: listed('results'),
      add: (name) => post('/crm/v3/objects/orders', { properties: { hs_order_name: name } }),
      next: byPaging,
    },
    'locations.search': {
      path: () => '/locations/search',
      query: company,
      byAgency: true,
      items: listed('locations'),
      add: newLocation,
      next: bySkip,
    },
    'locations.list': {
      path: () => '/locations/',
      query: company,
      byAgency: true,
      items: listed('locations'),
      add: newLocation,
      next: bySkip,
    },
    'businesses.list': {
      path: () => '/businesses/',
      items: listed('businesses'),
      add: (name) => post('/businesses/', { ...here(), name }),
      next: bySkip,
    },
    'associations.list': {
      path: () => '/associations/',
      items: listed('associations'),
      add: newAssociation,
      next: bySkip,
    },
    'relations.list': {
      path: () => `/associations/relations/${world().ids.contactId}`,
      items: listed('relations'),
      add: newRelation,
      next: bySkip,
    },
    'calendarResources.list': {
      path: () => '/calendars/resources/rooms',
      items: (body) => body as unknown as Item[],
      add: newRoom,
      next: bySkip,
    },
    'blogs.list': {
      path: () => '/blogs/site/all',
      items: listed('data'),
      add: (name) => post('/blogs/', { ...here(), name }),
      next: bySkip,
    },
    'blogs.listAuthors': {
      path: () => '/blogs/authors',
      items: listed('authors'),
      add: (name) => post('/blogs/authors', { ...here(), name }),
      next: byOffset,
    },
    'blogs.listCategories': {
      path: () => '/blogs/categories',
      items: listed('categories'),
      add: (label) => post('/blogs/categories', { ...here(), label }),
      next: byOffset,
    },
    'forms.list': {
      path: () => '/forms/',
      items: listed('forms'),
      add: (name) => post('/forms/', { ...here(), name, fields: [] }),
      next: bySkip,
    },
    'links.search': {
      path: () => '/links/search',
      items: listed('links'),
      add: (name) => post('/links/', { ...here(), name, redirectTo: 'https://example.com/' }),
      next: bySkip,
    },
    'surveys.list': {
      path: () => '/surveys/',
      items: listed('surveys'),
      add: (name) => post('/surveys/', { ...here(), name, slides: [] }),
      next: bySkip,
    },
    'funnels.list': {
      path: () => '/funnels/funnel/list',
      items: listed('funnels'),
      add: (name) => post('/funnels/', { ...here(), name, steps: [] }),
      next: byOffset,
    },
    'templates.list': {
      path: () => `/locations/${world().location.id}/templates`,
      query: () => ({}),
      items: listed('templates'),
      add: (name) =>
        post(`/locations/${world().location.id}/templates`, { name, type: 'sms', template: { body: 'Hello' } }),
      next: bySkip,
    },
    'emails.list': {
      path: () => '/emails/builder',
      items: listed('builders'),
      add: (name) => post('/emails/builder', { ...here(), name, type: 'html' }),
      next: byOffset,
    },
    'calendarNotifications.list': {
      path: () => `/calendars/${world().ids.calendarId}/notifications`,
      query: () => ({}),
      items: (body) => body as unknown as Item[],
      add: () => post(`/calendars/${world().ids.calendarId}/notifications`, [reminder] as never),
      next: bySkip,
    },
    'snapshots.status': {
      path: () => `/snapshots/snapshot-status/${world().ids.snapshotId}`,
      query: () => ({ ...company(), from: '2020-01-01', to: '2100-01-01' }),
      byAgency: true,
      items: listed('data'),
      async add(unique) {
        const { id } = (await newLocation(unique)).body
        return asAgency(`/snapshots/${world().ids.snapshotId}/push?companyId=${world().agency.companyId}`, {
          locationIds: [id],
        })
      },
      next: ({ items }) => (items.length === 0 ? {} : { lastDoc: items.at(-1)?.id }),
    },
    'pushes.list': {
      path: () => '/snapshots/pushes',
      query: company,
      byAgency: true,
      items: listed('pushes'),
      async add(unique) {
        const { id } = (await newLocation(unique)).body
        return asAgency(`/snapshots/${world().ids.snapshotId}/push?companyId=${world().agency.companyId}`, {
          locationIds: [id],
        })
      },
      next: ({ body }) => (body.pushes === undefined ? {} : body.after === null ? null : { after: body.after }),
    },
    'schedules.list': {
      path: () => '/calendars/schedules/search',
      query: () => ({ ...here(), userId: world().ids.userId }),
      items: listed('schedules'),
      add: (name) =>
        post('/calendars/schedules', { ...here(), userId: world().ids.userId, name, timezone: 'America/New_York' }),
      next: bySkip,
    },
    'records.history': {
      path: () => `/locations/${world().location.id}/records/contacts/${world().ids.contactId}/history`,
      query: () => ({}),
      items: listed('history'),
      add: (city) => world().client.put(`/contacts/${world().ids.contactId}`, { city }),
      next: ({ items }) => (items.length === 0 ? {} : { before: items.at(-1)?.id }),
    },
    'locations.assetHistory': {
      path: () => `/locations/${world().location.id}/assets/forms/${world().ids.formId}/history`,
      query: () => ({}),
      items: listed('history'),
      add: (name) => world().client.put(`/forms/${world().ids.formId}`, { name }),
      next: ({ items }) => (items.length === 0 ? {} : { before: items.at(-1)?.id }),
    },
  }
}

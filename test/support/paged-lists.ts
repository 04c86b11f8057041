import { catalogueInputs, type Input } from './catalogue-inputs.ts'
import type { CatalogueWorld } from './catalogue-world.ts'
import type { Reply } from './client.ts'

export type Item = Input & { id?: string; _id?: string }

export interface List {
  path(): string
  items(body: Input): Item[]
  /** Adds one more. `unique` is a short text that nothing else has. */
  add(unique: string): Promise<Reply>
  body?: () => Input
  query?: () => Input
  byAgency?: boolean
  /** Called `limit` elsewhere. */
  sizeName?: string
  /** Where the wire takes none so small as two. */
  pageSize?: number
  /** What the next request says after a page, beside the size. `seen` is how many came so far. Null: that was the last page. */
  next(page: { body: Input; items: Item[]; seen: number }): Input | null
}

/** Things on one page where a list does not say otherwise. */
export const PAGE = 2

const listed = (name: string) => (body: Input) => body[name] as Item[]
const bySkip = ({ seen }: { seen: number }) => ({ skip: seen })
const byOffset = ({ seen }: { seen: number }) => ({ offset: seen })
const reminder = { receiverType: 'contact', channel: 'email', notificationType: 'reminder', isActive: true }

/** Every list that comes in pages, by the name of its operation. */
export function pagedLists(world: () => CatalogueWorld): { exact: Record<string, List>; counted: Record<string, List> } {
  const here = () => ({ locationId: world().location.id })
  const company = () => ({ companyId: world().agency.companyId })
  const post = (path: string, body: Input) => world().client.post(path, body)
  const asAgency = (path: string, body: Input) => world().server.client(world().agency.token).post(path, body)
  const person = (unique: string) => ({ firstName: unique, email: `${unique}@example.com` })
  const newContact = async (unique: string) => (await post('/contacts/', { ...here(), ...person(unique) })).body.contact.id as string
  const newDeal = async (unique: string) => {
    const contactId = await newContact(unique)
    return post('/opportunities/', { ...here(), pipelineId: world().ids.pipelineId, name: unique, status: 'open', contactId })
  }
  const newMessage = (unique: string) => post('/conversations/messages', { type: 'Email', contactId: world().ids.contactId, html: unique, subject: unique })
  const newUser = (unique: string) =>
    asAgency('/users/', { ...(catalogueInputs(world())['POST /users/'] as () => Input)(), firstName: unique, email: `${unique}@example.com` })
  const newLocation = (unique: string) => asAgency('/locations/', { ...company(), name: unique })
  const newNote = (unique: string) => post(`/calendars/appointments/${world().ids.appointmentId}/notes`, { body: unique })
  const newPost = (unique: string) => post('/blogs/posts', { ...(catalogueInputs(world())['POST /blogs/posts'] as () => Input)(), urlSlug: unique })
  const newAssociation = (unique: string) =>
    post('/associations/', { ...(catalogueInputs(world())['POST /associations/'] as () => Input)(), key: unique.replaceAll('-', '_') })
  const newRelation = async (unique: string) =>
    post('/associations/relations', {
      ...here(),
      associationId: world().ids.associationId,
      firstRecordId: world().ids.contactId,
      secondRecordId: (await post('/businesses/', { ...here(), name: unique })).body.buiseness.id,
    })
  const newRoom = (unique: string) =>
    post('/calendars/resources/rooms', { ...here(), name: unique, description: '', quantity: 1, outOfService: 0, capacity: 4, calendarIds: [] })

  /** Goes on behind the last item, or comes in the order of creation: what is added meanwhile comes later or not at all. */
  const exact: Record<string, List> = {
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
      next: ({ body }) => (body.messages === undefined ? {} : body.nextCursor === undefined ? null : { cursor: body.nextCursor }),
    },
    'snapshots.assets': {
      path: () => `/snapshots/${world().ids.snapshotId}/assets`,
      query: company,
      byAgency: true,
      items: (body) => (body.assets as Input[]).map((asset) => ({ id: `${asset.kind}/${asset.lineage}` })),
      add: (unique) => post('/forms/', { ...here(), name: unique, fields: [] }),
      next: ({ body }) => (body.assets === undefined ? {} : body.after === null || body.after === undefined ? null : { after: body.after }),
    },
    'users.search': { path: () => '/users/search', query: company, byAgency: true, items: listed('users'), add: newUser, next: bySkip },
    'locations.search': { path: () => '/locations/search', query: company, byAgency: true, items: listed('locations'), add: newLocation, next: bySkip },
    'locations.list': { path: () => '/locations/', query: company, byAgency: true, items: listed('locations'), add: newLocation, next: bySkip },
    'businesses.list': { path: () => '/businesses/', items: listed('businesses'), add: (name) => post('/businesses/', { ...here(), name }), next: bySkip },
    'associations.list': { path: () => '/associations/', items: listed('associations'), add: newAssociation, next: bySkip },
    'relations.list': { path: () => `/associations/relations/${world().ids.contactId}`, items: listed('relations'), add: newRelation, next: bySkip },
    'calendarResources.list': { path: () => '/calendars/resources/rooms', items: (body) => body as unknown as Item[], add: newRoom, next: bySkip },
    'blogs.list': { path: () => '/blogs/site/all', items: listed('data'), add: (name) => post('/blogs/', { ...here(), name }), next: bySkip },
    'blogs.listAuthors': { path: () => '/blogs/authors', items: listed('authors'), add: (name) => post('/blogs/authors', { ...here(), name }), next: byOffset },
    'blogs.listCategories': {
      path: () => '/blogs/categories',
      items: listed('categories'),
      add: (label) => post('/blogs/categories', { ...here(), label }),
      next: byOffset,
    },
    'forms.list': { path: () => '/forms/', items: listed('forms'), add: (name) => post('/forms/', { ...here(), name, fields: [] }), next: bySkip },
    'links.search': {
      path: () => '/links/search',
      items: listed('links'),
      add: (name) => post('/links/', { ...here(), name, redirectTo: 'https://example.com/' }),
      next: bySkip,
    },
    'surveys.list': { path: () => '/surveys/', items: listed('surveys'), add: (name) => post('/surveys/', { ...here(), name, slides: [] }), next: bySkip },
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
      add: (name) => post(`/locations/${world().location.id}/templates`, { name, type: 'sms', template: { body: 'Hello' } }),
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
        return asAgency(`/snapshots/${world().ids.snapshotId}/push?companyId=${world().agency.companyId}`, { locationIds: [id] })
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
        return asAgency(`/snapshots/${world().ids.snapshotId}/push?companyId=${world().agency.companyId}`, { locationIds: [id] })
      },
      next: ({ body }) => (body.pushes === undefined ? {} : body.after === null ? null : { after: body.after }),
    },
    'schedules.list': {
      path: () => '/calendars/schedules/search',
      query: () => ({ ...here(), userId: world().ids.userId }),
      items: listed('schedules'),
      add: (name) => post('/calendars/schedules', { ...here(), userId: world().ids.userId, name, timezone: 'America/New_York' }),
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

  /** Counted from the newest: what is added moves the others back. */
  const counted: Record<string, List> = {
    'blogs.listPosts': {
      path: () => '/blogs/posts/all',
      query: () => ({ ...here(), blogId: world().ids.blogId }),
      items: listed('blogs'),
      add: newPost,
      next: byOffset,
    },
    'appointmentNotes.list': {
      path: () => `/calendars/appointments/${world().ids.appointmentId}/notes`,
      query: () => ({}),
      items: listed('notes'),
      add: newNote,
      next: byOffset,
    },
    'contacts.listByBusiness': {
      path: () => `/contacts/business/${world().ids.businessId}`,
      items: listed('contacts'),
      async add(unique) {
        return post('/contacts/bulk/business', { ...here(), ids: [await newContact(unique)], businessId: world().ids.businessId })
      },
      next: bySkip,
    },
    'opportunities.search by page': {
      path: () => '/opportunities/search',
      query: () => ({ location_id: world().location.id }),
      items: listed('opportunities'),
      add: newDeal,
      next: ({ seen }) => ({ page: seen / PAGE + 1 }),
    },
    'contacts.search by page': {
      path: () => '/contacts/search',
      body: here,
      sizeName: 'pageLimit',
      items: listed('contacts'),
      add: (unique) => post('/contacts/', { ...here(), ...person(unique) }),
      next: ({ seen }) => ({ page: seen / PAGE + 1 }),
    },
  }
  return { exact, counted }
}

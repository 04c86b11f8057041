import type { CatalogueWorld } from './catalogue-world.ts'
import { listAdditions } from './list-additions.ts'
import { byOffset, bySkip, type List, listed, PAGE } from './paged-list.ts'

/** Lists that are counted from the newest, by the name of their operation: what is added moves the others back. */
export function countedLists(world: () => CatalogueWorld): Record<string, List> {
  const { here, post, person, newContact, newDeal, newNote, newPost } = listAdditions(world)
  return {
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
    'invoices.list': {
      path: () => '/invoices',
      items: listed('invoices'),
      add: (unique) => post('/invoices', { invoice_id: unique, total: 1, status: 'sent' }),
      next: bySkip,
    },
    'contacts.listByBusiness': {
      path: () => `/contacts/business/${world().ids.businessId}`,
      items: listed('contacts'),
      async add(unique) {
        return post('/contacts/bulk/business', {
          ...here(),
          ids: [await newContact(unique)],
          businessId: world().ids.businessId,
        })
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
}

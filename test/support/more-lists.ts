import type { CatalogueWorld } from './catalogue-world.ts'
import { listAdditions } from './list-additions.ts'
import { byOffset, bySkip, type List, listed, PAGE } from './paged-list.ts'

const byPage = ({ seen }: { seen: number }) => ({ page: Math.floor(seen / PAGE) + 1 })

/** As exactLists. */
export function moreExactLists(world: () => CatalogueWorld): Record<string, List> {
  const { here, post } = listAdditions(world)
  return {
    'redirects.list': {
      path: () => '/funnels/lookup/redirect/list',
      items: (body) => listed('data')(body.data as never),
      add: (unique) =>
        post('/funnels/lookup/redirect', {
          ...here(),
          domain: 'deo.example',
          path: `/${unique}`,
          target: 'https://deo.example/',
          action: 'url',
        }),
      next: byOffset,
    },
    'lostReasons.list': {
      path: () => '/opportunities/lost-reason',
      items: listed('lostReasons'),
      add: (unique) => post('/opportunities/lost-reason', { ...here(), name: unique }),
      next: bySkip,
    },
    'objects.searchRecords': {
      path: () => '/objects/business/records/search',
      body: here,
      sizeName: 'pageLimit',
      items: listed('records'),
      add: (unique) => post('/objects/business/records', { ...here(), properties: { name: unique } }),
      next: ({ items }) => (items.length === 0 ? {} : { searchAfter: items.at(-1)?.searchAfter }),
    },
  }
}

/** As countedLists. */
export function moreCountedLists(world: () => CatalogueWorld): Record<string, List> {
  const { here, post } = listAdditions(world)
  return {
    'objects.searchRecords by page': {
      ...(moreExactLists(world)['objects.searchRecords'] as List),
      next: byPage,
    },
    'emailSchedules.list': {
      path: () => '/emails/schedule',
      items: listed('schedules'),
      add: (unique) => post('/emails/schedule', { ...here(), name: unique, status: 'active' }),
      next: byOffset,
    },
    'emailCampaigns.list': {
      path: () => `/emails/locations/${world().location.id}/campaigns/emails`,
      items: listed('campaigns'),
      add: (unique) => post('/emails/schedule', { ...here(), name: unique, status: 'active' }),
      next: byOffset,
    },
    'emailCampaigns.listWorkflows': {
      path: () => `/emails/locations/${world().location.id}/campaigns/workflows`,
      items: listed('campaigns'),
      add: (unique) =>
        post('/workflows/', { ...here(), name: unique, steps: [{ type: 'send_email', subject: unique }] }),
      next: byOffset,
    },
    'tasks.search': {
      path: () => `/locations/${world().location.id}/tasks/search`,
      body: () => ({}),
      items: listed('tasks'),
      add: (title) =>
        post(`/contacts/${world().ids.contactId}/tasks`, { title, dueDate: '2026-10-25T11:00:00Z', completed: false }),
      next: bySkip,
    },
    'forms.listSubmissions': {
      path: () => '/forms/submissions',
      items: listed('submissions'),
      add: () => post(`/forms/${world().ids.formId}/submissions`, { ...here(), values: {} }),
      next: byPage,
    },
    'surveys.listSubmissions': {
      path: () => '/surveys/submissions',
      items: listed('submissions'),
      async add(unique) {
        const { body } = await post('/surveys/', { ...here(), name: unique })
        return post(`/surveys/${body.survey.id}/submissions`, { ...here(), values: {} })
      },
      next: byPage,
    },
  }
}

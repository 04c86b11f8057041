import { many, one, UPDATED } from './dedupe.ts'
import { action, type CatalogEntry, trigger } from './entry.ts'
import { opportunity, pipeline } from './studio-desk.ts'

export const opportunityEntries: readonly CatalogEntry[] = [
  trigger('Search Opportunities', 'Find opportunities with filters', 'GET /opportunities/search', {
    dedupe: many('opportunities', { ...UPDATED, newest: { order: 'updated_desc' } }),
    sample: {
      opportunities: [opportunity],
      meta: { total: 1, startAfter: Date.parse(opportunity.createdAt), startAfterId: opportunity.id, currentPage: 1 },
      aggregations: {},
    },
  }),
  trigger('Get Opportunity', 'Retrieve specific opportunity', 'GET /opportunities/:id', {
    dedupe: one('opportunity', UPDATED),
    sample: { opportunity },
  }),
  trigger('List Pipelines', 'View all opportunity pipelines', 'GET /opportunities/pipelines', {
    dedupe: many('pipelines'),
    sample: { pipelines: [pipeline] },
  }),
  action('Create Opportunity', 'Add new sales opportunity', 'POST /opportunities/'),
  action('Update Opportunity', 'Modify opportunity details', 'PUT /opportunities/:id'),
  action('Delete Opportunity', 'Remove opportunity', 'DELETE /opportunities/:id'),
  action('Update Opportunity Status', 'Change status (open, won, lost)', 'PUT /opportunities/:id/status'),
  action('Upsert Opportunity', 'Create or update opportunity', 'POST /opportunities/upsert'),
  action('Add Followers', 'Assign team members to follow', 'POST /opportunities/:id/followers'),
  action('Remove Followers', 'Unassign followers', 'DELETE /opportunities/:id/followers'),
]

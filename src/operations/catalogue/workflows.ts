import { many, UPDATED } from './dedupe.ts'
import { action, type CatalogEntry, trigger } from './entry.ts'
import { campaign, snapshot, workflow } from './studio-desk.ts'

export const workflowEntries: readonly CatalogEntry[] = [
  trigger('List Workflows', 'Get all workflows', 'GET /workflows/', {
    dedupe: many('workflows', UPDATED),
    sample: { workflows: [workflow] },
  }),
  trigger('List Snapshots', 'View available snapshots', 'GET /snapshots/', {
    dedupe: many('snapshots'),
    sample: { snapshots: [snapshot] },
  }),
  trigger('List Campaigns', 'Get all campaigns', 'GET /campaigns/', {
    dedupe: many('campaigns'),
    sample: { campaigns: [campaign] },
  }),
  action('Add Contact to Workflow', 'Enroll in workflow automation', 'POST /contacts/:contactId/workflow/:workflowId'),
  action('Remove from Workflow', 'Unenroll from workflow', 'DELETE /contacts/:contactId/workflow/:workflowId'),
  action('Add Contact Followers', 'Assign followers to contact', 'POST /contacts/:contactId/followers'),
  action('Remove Contact Followers', 'Unassign followers', 'DELETE /contacts/:contactId/followers'),
  action('Bulk Business Update', 'Add/remove contacts from business', 'POST /contacts/bulk/business'),
]

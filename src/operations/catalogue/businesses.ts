import { many, one, UPDATED } from './dedupe.ts'
import { action, type CatalogEntry, trigger } from './entry.ts'
import { business } from './studio-people.ts'

export const businessEntries: readonly CatalogEntry[] = [
  trigger('Get Business', 'Retrieve business details', 'GET /businesses/:businessId', {
    dedupe: one('business', UPDATED),
    sample: { business },
  }),
  trigger('List Businesses by Location', 'Get all businesses in location', 'GET /businesses/', {
    dedupe: many('businesses', UPDATED),
    sample: { businesses: [business] },
  }),
  action('Create Business', 'Add new business', 'POST /businesses/'),
  action('Update Business', 'Modify business details', 'PUT /businesses/:businessId'),
  action('Delete Business', 'Remove business', 'DELETE /businesses/:businessId'),
]

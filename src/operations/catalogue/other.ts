import { many, one, UPDATED } from './dedupe.ts'
import { action, type CatalogEntry, trigger } from './entry.ts'
import { company, location, locationId, traceId } from './studio.ts'
import { association, author, blog, category, post, relation } from './studio-desk.ts'
import { customField } from './studio-people.ts'

export const otherEntries: readonly CatalogEntry[] = [
  trigger('List Locations', 'Get all locations', 'GET /locations/search', {
    dedupe: many('locations'),
    sample: { locations: [location], total: 1 },
  }),
  trigger('List Custom Fields', 'View custom field definitions', 'GET /locations/:locationId/customFields', {
    dedupe: many('customFields'),
    sample: { customFields: [customField] },
  }),
  trigger('Get Company', 'Retrieve company information', 'GET /companies/:companyId', {
    dedupe: one('company'),
    sample: { company },
  }),
  trigger('Find Associations', 'Search associations', 'GET /associations/', {
    dedupe: many('associations'),
    sample: { associations: [association], total: 1 },
  }),
  trigger('Get Association', 'Retrieve association details', 'GET /associations/:associationId', {
    dedupe: one(''),
    sample: association,
  }),
  trigger('Get Association Key', 'Get key by name', 'GET /associations/key/:key_name', {
    dedupe: one(''),
    sample: association,
  }),
  trigger('Get Association by Keys', 'Find by object keys', 'GET /associations/objectKey/:objectKey', {
    dedupe: many('associations'),
    sample: { ...association, associations: [association] },
  }),
  trigger('Get Relations by Record', 'List record relations', 'GET /associations/relations/:recordId', {
    dedupe: many('relations', UPDATED),
    sample: { relations: [relation], total: 1, traceId },
  }),
  trigger('Check Blog URL Slug', 'Verify slug availability', 'GET /blogs/posts/url-slug-exists', {
    dedupe: one('', { id: [], version: ['exists'], request: ['urlSlug'] }),
    sample: { exists: true },
    sampleInput: { locationId, urlSlug: post.urlSlug },
  }),
  trigger('Get Blog Authors', 'List blog authors', 'GET /blogs/authors', {
    dedupe: many('authors', { id: ['_id'], ...UPDATED }),
    sample: { authors: [author] },
  }),
  trigger('Get Blog Categories', 'List blog categories', 'GET /blogs/categories', {
    dedupe: many('categories', { id: ['_id'], ...UPDATED }),
    sample: { categories: [category] },
  }),
  trigger('Get Blog Posts', 'List posts by blog', 'GET /blogs/posts/all', {
    dedupe: many('blogs', { id: ['_id'], ...UPDATED }),
    sample: { blogs: [post] },
  }),
  trigger('Get Blogs by Location', 'List location blogs', 'GET /blogs/site/all', {
    dedupe: many('data', { id: ['_id'], ...UPDATED }),
    sample: { data: [blog] },
  }),
  action('Find Location by ID', 'Retrieve location details', 'GET /locations/:locationId'),
  action('Create Location', 'Add new location', 'POST /locations/'),
  action('Create Association', 'Link related records', 'POST /associations/'),
  action('Update Association', 'Modify association', 'PUT /associations/:associationId'),
  action('Delete Association', 'Remove association', 'DELETE /associations/:associationId'),
  action('Create Relation', 'Establish record relation', 'POST /associations/relations'),
  action('Delete Relation', 'Remove record relation', 'DELETE /associations/relations/:relationId'),
  action('Create Blog Post', 'Publish new blog post', 'POST /blogs/posts'),
  action('Update Blog Post', 'Edit blog post', 'PUT /blogs/posts/:postId'),
]

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { HighLevel } from '@gohighlevel/api-client'
import type { Client } from '../support/client.ts'
import { conforms } from '../support/official.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestLocation } from '../support/tenants.ts'

let server: TestServer
let location: TestLocation
let neighbour: TestLocation
let client: Client
let sdk: HighLevel

before(async () => {
  server = await startTestServer({ work: false })
  const agency = await createAgency(server.app, { locations: 2 })
  ;[location, neighbour] = agency.locations as [TestLocation, TestLocation]
  client = server.client(location.token)
  sdk = new HighLevel({ privateIntegrationToken: location.token, logLevel: 'none' as never })
  sdk.getHttpClient().defaults.baseURL = server.url
})
after(() => server?.[Symbol.asyncDispose]())

const here = () => ({ locationId: location.id })

test('the official client writes posts of a blog with an author and categories', async () => {
  const { blog } = (await client.post('/blogs/', { ...here(), name: 'News' })).body
  const { author } = (await client.post('/blogs/authors', { ...here(), name: 'Ada' })).body
  const { category } = (await client.post('/blogs/categories', { ...here(), label: 'Über Weddings' })).body
  assert.match(blog._id, /^[0-9a-f]{24}$/)
  assert.equal(category.urlSlug, 'uber-weddings')
  const page = { ...here(), limit: 10, offset: 0 }
  assert.equal(
    conforms('GET /blogs/authors', await sdk.blogs.getAllBlogAuthorsByLocation(page)).authors[0]?.name,
    'Ada',
  )
  assert.equal(
    conforms('GET /blogs/categories', await sdk.blogs.getAllCategoriesByLocation(page)).categories[0]?.label,
    'Über Weddings',
  )
  assert.deepEqual(
    conforms(
      'GET /blogs/site/all',
      await sdk.blogs.getBlogs({ ...here(), skip: 0, limit: 10, searchTerm: 'new' }),
    ).data.map(({ name }) => name),
    ['News'],
  )

  const post = {
    ...here(),
    blogId: blog._id,
    title: 'Ten questions to ask a venue',
    description: 'Before you sign.',
    imageUrl: 'https://example.com/venue.jpg',
    imageAltText: 'A venue',
    rawHTML: '<h1>Ten questions</h1>',
    status: 'PUBLISHED',
    categories: [category._id],
    author: author._id,
    urlSlug: 'ten-questions',
    publishedAt: '2025-02-05T18:30:47Z',
  }
  const exists = async (more: object = {}) =>
    conforms(
      'GET /blogs/posts/url-slug-exists',
      await sdk.blogs.checkUrlSlugExists({ ...here(), urlSlug: 'ten-questions', ...more } as never),
    ).exists
  assert.equal(await exists(), false)
  const made = conforms('POST /blogs/posts', await sdk.blogs.createBlogPost(post as never))
  assert.equal(made.data.publishedAt, '2025-02-05T18:30:47.000Z')
  const postId = made.data._id
  assert.equal(await exists(), true)
  assert.equal(await exists({ postId }), false)
  assert.equal((await client.post('/blogs/posts', post)).status, 400, 'the slug is taken')
  const updated = conforms(
    'PUT /blogs/posts/{postId}',
    await sdk.blogs.updateBlogPost(
      { postId } as never,
      { ...post, title: 'Eleven questions', status: 'ARCHIVED' } as never,
    ),
  )
  assert.deepEqual([updated.updatedBlogPost.title, updated.updatedBlogPost.archived], ['Eleven questions', true])
  await sdk.blogs.createBlogPost({ ...post, urlSlug: 'second', title: 'Second' } as never)
  const titles = async (more: object = {}) =>
    conforms(
      'GET /blogs/posts/all',
      await sdk.blogs.getBlogPost({ ...page, blogId: blog._id, ...more } as never),
    ).blogs.map(({ title }) => title)
  assert.deepEqual(await titles(), ['Second', 'Eleven questions'])
  assert.deepEqual(await titles({ status: 'PUBLISHED' }), ['Second'])
  assert.deepEqual(await titles({ searchTerm: 'elev' }), ['Eleven questions'])

  const wrong = await client.post('/blogs/posts', {
    ...post,
    urlSlug: 'third',
    blogId: 'none',
    author: 'nobody',
    categories: [category._id, 'nothing'],
  })
  assert.equal(wrong.status, 422)
  assert.deepEqual(
    wrong.body.message.map((message: string) => message.split(':')[0]),
    ['blogId', 'author', 'categories[1]'],
  )
  const foreign = server.client(neighbour.token)
  assert.equal((await foreign.put(`/blogs/posts/${postId}`, { locationId: neighbour.id, title: 'Mine' })).status, 404)
  assert.equal(
    (await foreign.get(`/blogs/posts/all?locationId=${neighbour.id}&blogId=${blog._id}&limit=1&offset=0`)).status,
    404,
  )
})

test('an invoice of another program is made once and then updated', async () => {
  const customer = await client.post('/customers', { customer_id: 'c-1', email: 'payer@example.com' })
  const invoice = { invoice_id: 'INV-1', total: 1850.5, status: 'sent', customer_id: 'c-1', due_date: '2026-04-01' }
  const made = await client.post('/invoices', invoice)
  assert.deepEqual([made.status, made.body.created], [201, true], JSON.stringify(made.body))
  assert.equal(made.body.invoice.contactId, customer.body.id)
  const paid = await client.post('/invoices', {
    invoice_id: 'INV-1',
    total: 1850.5,
    status: 'paid',
    amount_paid: 1850.5,
  })
  assert.deepEqual([paid.status, paid.body.created, paid.body.id], [200, false, made.body.id])
  assert.deepEqual(
    [paid.body.invoice.status, paid.body.invoice.dueDate],
    ['paid', '2026-04-01T00:00:00.000Z'],
    'what the body does not name stays',
  )
  const both = await Promise.all([1, 2, 3, 4].map(() => client.post('/invoices', { ...invoice, invoice_id: 'INV-2' })))
  assert.deepEqual(both.map(({ status }) => status).toSorted(), [200, 200, 200, 201])
  const again = { 'idempotency-key': 'invoice-3' }
  const once = await client.post('/invoices', { ...invoice, invoice_id: 'INV-3' }, again)
  assert.deepEqual((await client.post('/invoices', { ...invoice, invoice_id: 'INV-3' }, again)).body, once.body)
  assert.equal((await client.post('/invoices', { ...invoice, invoice_id: 'INV-4' }, again)).status, 422)
})

for (const [field, value] of Object.entries({
  customer_id: 'nobody',
  total: 'much',
  status: 'lovely',
  due_date: 'soon',
  currency: 'dollars',
  colour: 'red',
})) {
  test(`an invoice whose ${field} nobody understands is refused, and the field named`, async () => {
    const reply = await client.post('/invoices', { invoice_id: 'INV-9', total: 1, status: 'sent', [field]: value })
    assert.equal(reply.status, 422)
    assert.match(reply.body.message.join(), new RegExp(field))
  })
}

import assert from 'node:assert/strict'
import { blogPost } from '../../support/catalogue-inputs.ts'
import { named, type Story } from './story.ts'

export const opportunities: Story = async ({ ask, ids }) => {
  const { locationId, pipelineId, userId, spareContactId: contactId } = ids
  assert.deepEqual(named((await ask('GET /opportunities/pipelines', { locationId })).pipelines), [pipelineId])
  const body = { locationId, pipelineId, contactId, name: 'Party', status: 'open', monetaryValue: 900 }
  const id = (await ask('POST /opportunities/', {}, body)).opportunity.id
  const field = { id: ids.opportunityField, field_value: 'The barn' }
  await ask('PUT /opportunities/{id}', { id }, { name: 'Big party', monetaryValue: 950, customFields: [field] })
  const { opportunity } = await ask('GET /opportunities/{id}', { id })
  assert.deepEqual(
    [opportunity.name, opportunity.monetaryValue, opportunity.customFields.length],
    ['Big party', 950, 1],
  )
  await ask('PUT /opportunities/{id}/status', { id }, { status: 'won' })
  const wanted = { location_id: locationId, pipeline_id: pipelineId, contact_id: contactId, status: 'won' }
  assert.deepEqual(named((await ask('GET /opportunities/search', wanted)).opportunities), [id])
  const additionalDetails = { notes: true, tasks: true, calendarEvents: true, unReadConversations: true }
  const search = { locationId, query: 'Big party', limit: 10, page: 1, searchAfter: [], additionalDetails }
  assert.deepEqual(named((await ask('POST /opportunities/search', {}, search)).opportunities), [id])
  const followers = { followers: [userId], isRemoveAllFollowers: false, followersActionType: 'add' }
  const change = { id, locationId, pipelineId, contactId, name: 'Bigger party', ...followers }
  const again = await ask('POST /opportunities/upsert', {}, change)
  assert.deepEqual([again.new, again.opportunity.name], [false, 'Bigger party'])
  const list = { followers: [userId] }
  assert.deepEqual((await ask('DELETE /opportunities/{id}/followers', { id }, list)).followers, [])
  assert.deepEqual((await ask('POST /opportunities/{id}/followers', { id }, list)).followers, [userId])
  await ask('DELETE /opportunities/{id}', { id })
  await assert.rejects(ask('GET /opportunities/{id}', { id }), /40[04]|was not found/)
}

export const blogs: Story = async ({ ask, ids }) => {
  const here = { locationId: ids.locationId }
  const page = { ...here, limit: 10, offset: 0 }
  assert.deepEqual(named((await ask('GET /blogs/site/all', { ...here, skip: 0, limit: 10 })).data), [ids.blogId])
  assert.deepEqual(named((await ask('GET /blogs/authors', page)).authors), [ids.authorId])
  assert.deepEqual(named((await ask('GET /blogs/categories', page)).categories), [ids.categoryId])
  const slug = { ...here, urlSlug: 'five' }
  assert.equal((await ask('GET /blogs/posts/url-slug-exists', slug)).exists, false)
  const post = { ...blogPost('five', ids), ...here }
  const { data } = await ask('POST /blogs/posts', {}, post)
  assert.equal((await ask('GET /blogs/posts/url-slug-exists', slug)).exists, true)
  await ask('PUT /blogs/posts/{postId}', { postId: data._id }, { ...post, title: 'Six questions' })
  const { blogs: found } = await ask('GET /blogs/posts/all', { ...page, blogId: ids.blogId, searchTerm: 'Six' })
  assert.deepEqual(named(found), [data._id])
}

export const businesses: Story = async ({ ask, ids }) => {
  const { locationId } = ids
  const made = await ask('POST /businesses/', {}, { locationId, name: 'Okafor Ltd', city: 'Hudson' })
  const businessId: string = (made.buiseness ?? made.business).id
  await ask('PUT /businesses/{businessId}', { businessId }, { city: 'Athens' })
  const { business } = await ask('GET /businesses/{businessId}', { businessId })
  assert.deepEqual([business.name, business.city], ['Okafor Ltd', 'Athens'])
  const listed = async () => named((await ask('GET /businesses/', { locationId })).businesses)
  assert.ok((await listed()).includes(businessId))
  await ask('DELETE /businesses/{businessId}', { businessId })
  assert.deepEqual(await listed(), [ids.businessId])
}

export const associations: Story = async ({ ask, ids }) => {
  const here = { locationId: ids.locationId }
  const labels = { firstObjectLabel: 'Guest', secondObjectLabel: 'Venue' }
  const keys = { key: 'venue', firstObjectKey: 'contact', secondObjectKey: 'business' }
  const made = await ask('POST /associations/', {}, { ...here, ...labels, ...keys })
  const one = { associationId: made.id }
  await ask('PUT /associations/{associationId}', one, { ...labels, secondObjectLabel: 'Place' })
  assert.equal((await ask('GET /associations/{associationId}', one)).secondObjectLabel, 'Place')
  assert.equal((await ask('GET /associations/key/{key_name}', { ...here, key_name: 'venue' })).id, made.id)
  const by = await ask('GET /associations/objectKey/{objectKey}', { ...here, objectKey: 'contact' })
  assert.match(JSON.stringify(by), new RegExp(made.id))
  const { associations: all } = await ask('GET /associations/', { ...here, skip: 0, limit: 20 })
  assert.ok(named(all).includes(made.id))
  const pair = { firstRecordId: ids.contactId, secondRecordId: ids.businessId }
  const relation = await ask('POST /associations/relations', {}, { ...here, ...one, ...pair })
  const asked = { ...here, recordId: ids.contactId, skip: 0, limit: 20 }
  const related = async () => named((await ask('GET /associations/relations/{recordId}', asked)).relations)
  assert.ok((await related()).includes(relation.id))
  await ask('DELETE /associations/relations/{relationId}', { ...here, relationId: relation.id })
  assert.ok(!(await related()).includes(relation.id))
  await ask('DELETE /associations/{associationId}', one)
  await assert.rejects(ask('GET /associations/{associationId}', one), /40[04]|was not found/)
}

export const links: Story = async ({ ask, ids }) => {
  const { locationId } = ids
  const { link } = await ask('POST /links/', {}, { locationId, name: 'Offer', redirectTo: 'https://example.com/a' })
  const one = { linkId: link.id }
  await ask('PUT /links/{linkId}', one, { name: 'Best offer', redirectTo: 'https://example.com/b' })
  const shown = await ask('GET /links/id/{linkId}', { ...one, locationId })
  assert.match(JSON.stringify(shown), /Best offer.*example\.com\/b|example\.com\/b.*Best offer/)
  assert.deepEqual(named((await ask('GET /links/search', { locationId, query: 'Best' })).links), [link.id])
  const listed = async () => named((await ask('GET /links/', { locationId })).links)
  assert.ok((await listed()).includes(link.id))
  await ask('DELETE /links/{linkId}', one)
  assert.ok(!(await listed()).includes(link.id))
}

export const lostReasons: Story = async ({ ask, ids, client }) => {
  const { locationId } = ids
  const { id } = (await client.post('/opportunities/lost-reason', { locationId, name: 'Too late' })).body.lostReason
  const listed = async (query: string) => {
    const answer = await ask('GET /opportunities/lost-reason', { locationId, query, limit: 20, skip: 0 })
    return named(answer.lostReasons)
  }
  assert.deepEqual([await listed('late'), await listed('dear')], [[id], []])
  await client.delete(`/opportunities/lost-reason/${id}`)
  assert.deepEqual(await listed('late'), [])
}

import assert from 'node:assert/strict'
import type { Story } from './story.ts'

const named = (things: { id?: string; _id?: string }[]) => things.map(({ id, _id }) => id ?? _id)

export const opportunities: Story = async ({ call, ids }) => {
  const { pipelineId, pipelineStageId, userId } = ids
  const contactId = ids.spareContactId
  const { pipelines } = await call('get_pipelines')
  assert.deepEqual(named(pipelines), [pipelineId])
  const made = await call('create_opportunity', { name: 'Garden party', pipelineId, contactId, monetaryValue: 900 })
  const one = { opportunityId: made.opportunity.id }
  assert.deepEqual([made.opportunity.name, made.opportunity.monetaryValue], ['Garden party', 900])
  await call('update_opportunity', { ...one, name: 'Party', pipelineStageId, monetaryValue: 950, assignedTo: userId })
  const { opportunity } = await call('get_opportunity', one)
  assert.deepEqual([opportunity.name, opportunity.monetaryValue, opportunity.assignedTo], ['Party', 950, userId])
  await call('update_opportunity_status', { ...one, status: 'won' })
  const won = await call('search_opportunities', { pipelineId, contactId, status: 'won' })
  assert.deepEqual(named(won.opportunities), [one.opportunityId])
  assert.deepEqual(named((await call('search_opportunities', { query: 'Party' })).opportunities), [one.opportunityId])
  const again = await call('upsert_opportunity', { pipelineId, contactId, name: 'Big party', status: 'open' })
  assert.deepEqual([again.isNew, again.opportunity.name], [false, 'Big party'])
  assert.deepEqual((await call('add_opportunity_followers', { ...one, followers: [userId] })).followers, [userId])
  assert.deepEqual((await call('remove_opportunity_followers', { ...one, followers: [userId] })).followers, [])
  await call('delete_opportunity', one)
  await assert.rejects(call('get_opportunity', one))
}

export const blogs: Story = async ({ call, ids }) => {
  const { blogId, authorId: author, categoryId } = ids
  const texts = { description: 'Before you sign', imageUrl: 'https://example.com/v.jpg', imageAltText: 'A venue' }
  const place = { blogId, author, categories: [categoryId] }
  assert.deepEqual(named((await call('get_blog_sites')).sites), [blogId])
  assert.deepEqual(named((await call('get_blog_authors')).authors), [author])
  assert.deepEqual(named((await call('get_blog_categories')).categories), [categoryId])
  const post = { ...place, ...texts, title: 'Five questions', content: '<h1>Five</h1>', urlSlug: 'five', tags: ['a'] }
  assert.equal((await call('check_url_slug', { urlSlug: 'five' })).exists, false)
  const { blogPost } = await call('create_blog_post', { ...post, status: 'PUBLISHED' })
  assert.equal((await call('check_url_slug', { urlSlug: 'five' })).exists, true)
  await call('update_blog_post', { postId: blogPost._id, ...post, title: 'Six questions' })
  const { posts } = await call('get_blog_posts', { blogId, searchTerm: 'Six', status: 'PUBLISHED' })
  assert.deepEqual(named(posts), [blogPost._id])
}

export const associations: Story = async ({ call, ids }) => {
  const { contactId: firstRecordId, businessId: secondRecordId } = ids
  const objects = { firstObjectKey: 'contact', secondObjectKey: 'business' }
  const labels = { firstObjectLabel: 'Guest', secondObjectLabel: 'Venue' }
  const { data: made } = await call('ghl_create_association', { key: 'venue', ...objects, ...labels })
  const associationId: string = made.id
  assert.equal((await call('ghl_get_association_by_key', { keyName: 'venue' })).data.id, associationId)
  await call('ghl_update_association', { associationId, ...labels, secondObjectLabel: 'Place' })
  const { data: one } = await call('ghl_get_association_by_id', { associationId })
  assert.deepEqual([one.key, one.secondObjectLabel], ['venue', 'Place'])
  const { data: by } = await call('ghl_get_association_by_object_key', { objectKey: 'contact' })
  assert.match(JSON.stringify(by), new RegExp(associationId))
  const { data: all } = await call('ghl_get_all_associations', { skip: 0, limit: 20 })
  assert.ok(named(all.associations).includes(associationId))
  const { data: relation } = await call('ghl_create_relation', { associationId, firstRecordId, secondRecordId })
  const related = async () =>
    named((await call('ghl_get_relations_by_record', { recordId: firstRecordId })).data.relations)
  assert.ok((await related()).includes(relation.id))
  await call('ghl_delete_relation', { relationId: relation.id })
  assert.ok(!(await related()).includes(relation.id))
  await call('ghl_delete_association', { associationId })
  await assert.rejects(call('ghl_get_association_by_id', { associationId }))
}

import assert from 'node:assert/strict'
import { named, type Story } from './story.ts'

export const locations: Story = async ({ askAgency, ids }) => {
  const { companyId } = ids
  const made = await askAgency('POST /locations/', {}, { companyId, name: 'Second', city: 'Hudson', country: 'US' })
  const locationId: string = made.id
  const listed = async () =>
    named((await askAgency('GET /locations/search', { companyId, limit: '10', skip: '0' })).locations)
  assert.ok((await listed()).includes(locationId))
  await askAgency('PUT /locations/{locationId}', { locationId }, { companyId, name: 'Third', city: 'Athens' })
  const { location } = await askAgency('GET /locations/{locationId}', { locationId })
  assert.deepEqual([location.name, location.city], ['Third', 'Athens'])
  await askAgency('DELETE /locations/{locationId}', { locationId, deleteTwilioAccount: false })
  assert.ok(!(await listed()).includes(locationId))
  assert.equal((await askAgency('GET /companies/{companyId}', { companyId })).company.id, companyId)
}

export const users: Story = async ({ ask, askAgency, ids }) => {
  const { companyId, locationId } = ids
  const email = 'grace@example.com'
  const person = {
    firstName: 'Grace',
    lastName: 'Hopper',
    email,
    password: 'secret-word',
    type: 'account',
    role: 'user',
  }
  const { id: userId } = await askAgency('POST /users/', {}, { companyId, locationIds: [locationId], ...person })
  await askAgency('PUT /users/{userId}', { userId }, { companyId, lastName: 'Murray' })
  assert.equal((await askAgency('GET /users/{userId}', { userId })).lastName, 'Murray')
  assert.ok(named((await ask('GET /users/', { locationId })).users).includes(userId))
  const found = await askAgency('GET /users/search', { companyId, query: 'Murray' })
  assert.deepEqual(named(found.users), [userId])
  const by = await askAgency('POST /users/search/filter-by-email', {}, { companyId, emails: [email] })
  assert.deepEqual(named(by.users), [userId])
  await askAgency('DELETE /users/{userId}', { userId })
  assert.ok(!named((await ask('GET /users/', { locationId })).users).includes(userId))
}

export const snapshots: Story = async ({ askAgency, ids }) => {
  const { companyId, snapshotId, locationId } = ids
  assert.deepEqual(named((await askAgency('GET /snapshots/', { companyId })).snapshots), [snapshotId])
  const body = { snapshot_id: snapshotId, share_type: 'permanent_link' }
  const { shareLink } = await askAgency('POST /snapshots/share/link', { companyId }, body)
  assert.match(shareLink, /^http/)
  const from = new Date(Date.now() - 86_400_000).toISOString()
  const wanted = { companyId, snapshotId, from, to: new Date().toISOString(), lastDoc: '', limit: '10' }
  assert.deepEqual((await askAgency('GET /snapshots/snapshot-status/{snapshotId}', wanted)).data, [])
  const line = 'GET /snapshots/snapshot-status/{snapshotId}/location/{locationId}'
  await assert.rejects(askAgency(line, { companyId, snapshotId, locationId }), /40[04]|was not found/)
}

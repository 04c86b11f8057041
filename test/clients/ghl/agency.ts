import assert from 'node:assert/strict'
import type { Story } from './story.ts'

/** With the token of the agency. */
export const locations: Story = async ({ call, ids }) => {
  const { companyId } = ids
  const place = { phone: '+12025550100', address: '1 Main St', city: 'Hudson', country: 'US', timezone: 'US/Eastern' }
  const { location } = await call('create_location', { companyId, name: 'Second', ...place })
  const locationId: string = location.id
  const found = await call('search_locations', { companyId, limit: 10, skip: 0 })
  assert.ok(found.locations.some(({ id }: { id: string }) => id === locationId))
  await call('update_location', { locationId, companyId, name: 'Third', city: 'Athens' })
  const { location: shown } = await call('get_location', { locationId })
  assert.deepEqual([shown.name, shown.city, shown.country], ['Third', 'Athens', 'US'])
  await call('delete_location', { locationId, deleteTwilioAccount: false })
  await assert.rejects(call('get_location', { locationId }))
}

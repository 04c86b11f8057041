import assert from 'node:assert/strict'
import { type Actor, newLocation, readAll, type StoredAsset, type Story } from './stories.ts'

/** Makes an asset over HTTP; the answer's one object. */
export async function make(location: Actor, path: string, body: object) {
  const reply = await location.client.post(path, { locationId: location.id, ...body })
  assert.ok(reply.status < 300, JSON.stringify(reply.body))
  return Object.values(reply.body as object).find((value) => typeof value === 'object') as {
    id: string
    [name: string]: unknown
  }
}

export const makeForm = (location: Actor, name: string, more: object = {}) =>
  make(location, '/forms/', { name, ...more })
export const makeFlow = (location: Actor, name: string, more: object = {}) =>
  make(location, '/workflows/', { name, ...more })

export async function makeTag(location: Actor, name: string): Promise<string> {
  const reply = await location.client.post(`/locations/${location.id}/tags`, { name })
  assert.ok(reply.status < 300, JSON.stringify(reply.body))
  return reply.body.tag.id
}

/** A source with one tag, captured. */
export async function startTagged(story: Story, name: string) {
  const source = await newLocation(story, `${name} source`)
  await makeTag(source, 'vip')
  return { source, snapshot: await story.agency.capture(source.id, { name }) }
}

/** The asset of a location that bears a name. */
export async function named(story: Story, location: Actor, kind: string, name: string): Promise<StoredAsset> {
  const found = (await readAll(story, location.id)).find((asset) => asset.kind === kind && asset.name === name)
  assert.ok(found, `${kind} ${name} is in the location`)
  return found
}

export const formOf = async (location: Actor, id: string) => (await location.client.get(`/forms/${id}`)).body.form
export const flowOf = async (location: Actor, id: string) =>
  (await location.client.get(`/workflows/${id}`)).body.workflow

export const dropTag = async (location: Actor, id: string) =>
  assert.equal((await location.client.delete(`/locations/${location.id}/tags/${id}`)).status, 200)

/** A workflow that names so many tags that are gone. */
export async function breakReferences(location: Actor, count: number): Promise<void> {
  const tagIds: string[] = []
  for (let n = 0; n < count; n++) tagIds.push(await makeTag(location, `gone ${n}`))
  await makeFlow(location, 'Names what is gone', { steps: [{ type: 'add_tag', tagIds }] })
  for (const id of tagIds) await dropTag(location, id)
}

/** Names of the assets that name what is not there. */
export const brokenIn = async ({ client, id }: Actor): Promise<string[]> =>
  (await client.get(`/locations/${id}/broken-references`)).body.brokenReferences.map(
    (row: { name: string }) => row.name,
  )

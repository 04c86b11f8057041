import assert from 'node:assert/strict'
import { Ledger } from './ledger.ts'
import { formOf, named } from './made-assets.ts'
import { type Actor, newLocation, type Story } from './stories.ts'

export type Fields = Record<string, unknown>
type Side = 'source' | 'target'

/** A source and a target, what waits between them field by field, and how it is settled. */
export async function startDispute(story: Story) {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  const ledger = new Ledger(story, source, target)
  let id = ''
  const push = async (options: object = {}) => {
    if (id === '') id = (await agency.capture(source.id)).id
    else assert.ok((await agency.client.post(agency.path(`/${id}/refresh`), {})).status < 300)
    return ledger.push(id, target, options)
  }
  const inbox = async () => (await agency.get(`/${id}/conflicts`)).conflicts
  /** Path -> [target, source] of what is open. */
  const open = async () => {
    const fields = (await inbox()).flatMap((one: { fields: Fields[] }) => one.fields)
    return Object.fromEntries(fields.map((one: Fields) => [one.path, [one.target, one.source]]))
  }
  /** About the asset that waits, or that one of them. */
  const settle = async (path: string | undefined, take: Side, of?: string) => {
    const waiting: { kind: string; lineage: string }[] = await inbox()
    const { kind, lineage } = waiting.find((one) => of === undefined || one.lineage === of) as (typeof waiting)[number]
    const decisions = [{ locationId: target.id, kind, lineage, ...(path === undefined ? {} : { path }), take }]
    const { push } = await agency.post(`/${id}/conflicts`, { decisions }, 202)
    return ledger.ended(push.id, target)
  }
  return { agency, source, target, ledger, push, inbox, open, settle }
}

/** Puts changes on the form "Ask" of a location. */
export async function edit(story: Story, location: Actor, change: (form: Fields) => Fields) {
  const { id } = await named(story, location, 'forms', 'Ask')
  const reply = await location.client.put(`/forms/${id}`, change(await formOf(location, id)))
  assert.equal(reply.status, 200, JSON.stringify(reply.body))
}
export const ask = async (story: Story, location: Actor) =>
  formOf(location, (await named(story, location, 'forms', 'Ask')).id)

import type { Action } from './actions.ts'
import { type Document, folded } from './document.ts'
import { insist, type Record, type World } from './run.ts'

type Of<Verb extends Action['do']> = Extract<Action, { do: Verb }>

export async function performContact(world: World, { at, as, tags }: Of<'contact'>): Promise<boolean> {
  const place = world.place(at)
  const living = tags.filter((token) => place.assets.get(token)?.alive)
  if (living.length === 0) return false
  const { client, locationId } = world.wire(at)
  const names = living.map((token) => place.assets.get(token)?.content.name)
  const reply = world.sound(
    await client.post('/contacts/', { locationId, firstName: as, tags: names }),
    `making a contact in ${at}`,
  )
  insist(reply.status === 201, `making a contact in ${at}: ${reply.status} ${JSON.stringify(reply.body)}`)
  world.records.set(as, { name: as, id: reply.body.contact.id, at, tags: living })
  return true
}

export async function performDeal(world: World, { at, as, pipeline, stage }: Of<'deal'>): Promise<boolean> {
  const asset = world.place(at).assets.get(pipeline)
  if (!asset?.alive || !((asset.content.stages ?? []) as Document[]).some(({ id }) => id === stage)) return false
  const { client, locationId } = world.wire(at)
  const person = await client.post('/contacts/', { locationId, firstName: as })
  const body = {
    locationId,
    pipelineId: world.id(at, pipeline),
    pipelineStageId: world.id(at, stage),
    name: as,
    status: 'open',
    contactId: person.body.contact.id,
  }
  const reply = world.sound(await client.post('/opportunities/', body), `making a deal in ${at}`)
  insist(reply.status === 201, `making a deal in ${at}: ${reply.status} ${JSON.stringify(reply.body)}`)
  world.records.set(as, { name: as, id: reply.body.opportunity.id, at, pipeline, stage })
  return true
}

/** By which a stage is known in which deals stand: another pipeline may hold it, too. */
export const placeOfDeals = (pipeline: string, stage: string) => `${pipeline} ${stage}`

/** Pipelines of a location that deals stand in, and their places in these. */
export const dealsAt = (world: World, at: string) =>
  new Set(
    [...world.records.values()].flatMap((record) =>
      record.at === at && record.pipeline !== undefined
        ? [record.pipeline, placeOfDeals(record.pipeline, record.stage ?? '')]
        : [],
    ),
  )

/**
 * Contacts carry names: a tag that is gone and comes back with another one is none of theirs any more. Nor is one whose
 * name another tag has taken meanwhile, and with it the contacts.
 */
export function forgetTags(world: World): void {
  for (const record of world.records.values()) {
    const { assets } = world.place(record.at)
    const taken = new Set(
      [...assets.values()]
        .filter((one) => one.kind === 'tags' && one.alive)
        .map((one) => folded(String(one.content.name))),
    )
    record.tags = record.tags?.filter((token) => {
      const tag = assets.get(token)
      const name = folded(String(tag?.content.name))
      const left = record.left?.get(token)
      if (!tag?.alive) record.left = new Map([...(record.left ?? []), [token, left ?? name]])
      else record.left?.delete(token)
      if (!tag?.alive && taken.has(left ?? name)) return false
      return !tag?.alive || left === undefined || left === name
    })
  }
}

/** Contacts carry the tags' names as they are now; deals stand where they stood while that is there. */
export async function compareRecords(world: World, at: string): Promise<void> {
  await Promise.all(
    [...world.records.values()]
      .filter((record) => record.at === at)
      .map((record) => (record.tags ? compareContact(world, record) : compareDeal(world, record))),
  )
}

async function compareContact(world: World, record: Record): Promise<void> {
  const { client } = world.wire(record.at)
  const reply = world.sound(await client.get(`/contacts/${record.id}`), 'reading a contact')
  const shown = (reply.body.contact.tags as string[]).map(folded)
  const { assets } = world.place(record.at)
  for (const token of record.tags ?? []) {
    const tag = assets.get(token)
    if (!tag?.alive) continue
    const name = String(tag.content.name)
    insist(
      shown.includes(folded(name)),
      `contact ${record.name} in ${record.at} has the tags ${JSON.stringify(shown)} and not "${name}" ${token}`,
    )
  }
}

async function compareDeal(world: World, record: Record): Promise<void> {
  const { client } = world.wire(record.at)
  const reply = world.sound(await client.get(`/opportunities/${record.id}`), 'reading a deal')
  const { pipelineId, pipelineStageId } = reply.body.opportunity
  const pipeline = world.place(record.at).assets.get(record.pipeline as string)
  if (!pipeline?.alive) return
  insist(pipelineId === world.id(record.at, pipeline.token), `deal ${record.name} in ${record.at} left its pipeline`)
  const stages = ((pipeline.content.stages ?? []) as Document[]).map(({ id }) => id as string)
  const shown = world.token(record.at, pipelineStageId)
  if (stages.includes(record.stage as string)) {
    // A roll-back takes a deal back to where it stood.
    if (shown !== undefined && shown === record.cameFrom && stages.includes(shown))
      Object.assign(record, { stage: shown, cameFrom: undefined })
    insist(
      shown === record.stage,
      `deal ${record.name} in ${record.at} stood in ${record.stage}, which is still there, and is in ` +
        `${shown ?? pipelineStageId}`,
    )
  } else if (shown !== undefined && stages.includes(shown))
    Object.assign(record, { stage: shown, cameFrom: record.stage })
}

import type { Reply } from './client.ts'

/** What a client asks for. Ids in it are those of its location. */
export interface Act {
  method: 'get' | 'post' | 'put' | 'delete'
  path: string
  body?: object
}

export interface Acting {
  random: () => number
  locationId: string
  /** Reads, without being part of what is done. */
  look: (path: string) => Promise<Reply>
  /** Contacts and opportunities of the location; none: the act is about configuration alone. */
  contactIds: readonly string[]
  opportunityIds: readonly string[]
}

/** Few names, many spellings: so that what people make by themselves meets what is pushed to them. */
const TAGS = [
  'VIP',
  'vip',
  'Lead',
  'ｌｅａｄ',
  'Café',
  'Cafe\u0301',
  'Old client',
  'OLD  client',
  'Newsletter',
  'Hot',
  'Cold',
]
const FIELDS = ['Budget', 'Source', 'Wedding Date', 'wedding  date', 'Size', 'Colour']
const VALUES = ['Phone', 'Opening hours', 'Motto']
const PIPELINES = ['Sales', 'Support', 'Onboarding']
const STAGES = ['New', 'Contacted', 'Qualified', 'Won', 'Lost']
const FORMS = ['Contact us', 'Intake', 'Poll']
const WORKFLOWS = ['Welcome', 'Follow up', 'Remind']

/** Of a kind; what is more goes first. */
const MOST = 6

export const pick = <T>(random: () => number, values: readonly T[]): T =>
  values[Math.floor(random() * values.length)] as T
const some = <T>(random: () => number, values: readonly T[]): T[] => values.filter(() => random() < 0.4)

interface Named {
  id: string
  name: string
  [field: string]: unknown
}

type Kind = 'tags' | 'customFields' | 'customValues' | 'pipelines' | 'forms' | 'workflows'
/** As often as each is named. */
const KINDS: readonly Kind[] = [
  'tags',
  'tags',
  'tags',
  'customFields',
  'customFields',
  'customValues',
  'pipelines',
  'pipelines',
  'forms',
  'workflows',
]

const collectionOf = ({ locationId }: Acting, kind: Kind) => {
  if (kind === 'pipelines') return '/opportunities/pipelines'
  return kind === 'forms' || kind === 'workflows' ? `/${kind}` : `/locations/${locationId}/${kind}`
}

async function list(acting: Acting, kind: Kind): Promise<Named[]> {
  const query =
    kind === 'pipelines' || kind === 'forms' || kind === 'workflows' ? `/?locationId=${acting.locationId}` : ''
  const { body } = await acting.look(collectionOf(acting, kind) + query)
  return body?.[kind] ?? []
}

/** Something that somebody in the location might do next: make, rename, change or delete one thing. */
export async function nextAct(acting: Acting): Promise<Act> {
  const { random, contactIds, opportunityIds } = acting
  if (contactIds.length > 0 && random() < 0.25) {
    if (random() < 0.5)
      return {
        method: 'post',
        path: `/contacts/${pick(random, contactIds)}/tags`,
        body: { tags: [pick(random, TAGS)] },
      }
    return placeOpportunity(acting, random() < 0.5 ? pick(random, [...opportunityIds, null]) : null)
  }
  const kind = pick(random, KINDS)
  const there = await list(acting, kind)
  const path = collectionOf(acting, kind)
  if (there.length < 2 || (random() < 0.45 && there.length <= MOST))
    return {
      method: 'post',
      path: kind === 'pipelines' || kind === 'forms' || kind === 'workflows' ? `${path}/` : path,
      body: await toNew(acting, kind),
    }
  const one = pick(random, there)
  if (random() < 0.3 || there.length > MOST) return { method: 'delete', path: `${path}/${one.id}` }
  return { method: 'put', path: `${path}/${one.id}`, body: await toChange(acting, kind, one) }
}

async function toNew(acting: Acting, kind: Kind): Promise<object> {
  const { random, locationId } = acting
  if (kind === 'tags') return { name: pick(random, TAGS) }
  if (kind === 'customFields')
    return {
      name: pick(random, FIELDS),
      dataType: pick(random, ['TEXT', 'NUMERICAL']),
      model: pick(random, ['contact', 'contact', 'opportunity']),
    }
  if (kind === 'customValues') return { name: pick(random, VALUES), value: `Value ${Math.floor(random() * 9)}` }
  if (kind === 'pipelines') return { locationId, name: pick(random, PIPELINES), stages: toStages(some(random, STAGES)) }
  if (kind === 'forms') return { locationId, name: pick(random, FORMS), ...(await toForm(acting)) }
  return {
    locationId,
    name: pick(random, WORKFLOWS),
    status: pick(random, ['draft', 'published']),
    ...(await toFlow(acting)),
  }
}

async function toChange(acting: Acting, kind: Kind, one: Named): Promise<object> {
  const { random } = acting
  if (kind === 'tags') return { name: pick(random, TAGS) }
  if (kind === 'customFields') {
    const change = random()
    if (change < 0.4) return { name: pick(random, FIELDS) }
    return change < 0.7
      ? { placeholder: `Hint ${Math.floor(random() * 9)}` }
      : { model: pick(random, ['contact', 'opportunity']) }
  }
  if (kind === 'customValues')
    return { name: random() < 0.5 ? one.name : pick(random, VALUES), value: `Value ${Math.floor(random() * 9)}` }
  if (kind === 'pipelines')
    return random() < 0.2
      ? { name: pick(random, PIPELINES) }
      : { stages: changedStages(random, (one.stages ?? []) as Stage[]) }
  if (random() < 0.4) return { description: `Text ${Math.floor(random() * 9)}` }
  return kind === 'forms' ? toForm(acting) : toFlow(acting)
}

type Stage = { id?: string; name: string; position: number }
const toStages = (names: string[]): Stage[] => names.map((name, position) => ({ name, position }))

/** One comes, goes, is renamed, or changes its place. */
function changedStages(random: () => number, stages: readonly Stage[]): Stage[] {
  const next = [...stages]
  const at = Math.floor(random() * next.length)
  const change = random()
  if (next.length === 0 || change < 0.35) next.splice(at, 0, { name: pick(random, STAGES), position: 0 })
  else if (change < 0.6) next.splice(at, 1)
  else if (change < 0.8) next[at] = { ...(next[at] as Stage), name: pick(random, STAGES) }
  else next.push(...next.splice(at, 1))
  return next.map((stage, position) => ({ ...stage, position }))
}

async function toForm(acting: Acting): Promise<object> {
  const { random } = acting
  const [tags, fields, place] = [await list(acting, 'tags'), await list(acting, 'customFields'), await toPlace(acting)]
  return {
    fields: [
      { type: 'full_name', label: 'Name' },
      ...some(random, fields).map(({ id, name }) => ({ type: 'custom_field', label: name, customFieldId: id })),
    ],
    onSubmit: { action: 'message', message: 'Thanks', tagIds: some(random, tags).map(({ id }) => id), ...place },
  }
}

async function toFlow(acting: Acting): Promise<object> {
  const { random } = acting
  const [tags, forms, place] = [await list(acting, 'tags'), await list(acting, 'forms'), await toPlace(acting)]
  const trigger =
    random() < 0.5 || forms.length === 0
      ? { type: 'contact_tag', tagIds: some(random, tags).map(({ id }) => id) }
      : { type: 'form_submitted', formId: pick(random, forms).id }
  return {
    trigger,
    steps: [
      { id: 'tag', type: 'add_tag', tagIds: some(random, tags).map(({ id }) => id), next: 'deal' },
      { id: 'deal', type: 'create_opportunity', opportunityName: 'Deal', ...place, next: null },
    ],
  }
}

async function toPlace(acting: Acting): Promise<{ pipelineId?: string; stageId?: string }> {
  const pipelines = await list(acting, 'pipelines')
  if (pipelines.length === 0) return {}
  const { id, stages = [] } = pick(acting.random, pipelines) as Named & { stages?: Required<Stage>[] }
  return { pipelineId: id, ...(stages.length === 0 ? {} : { stageId: pick(acting.random, stages).id }) }
}

async function placeOpportunity(acting: Acting, id: string | null): Promise<Act> {
  const { random, locationId, contactIds } = acting
  const { stageId, pipelineId } = await toPlace(acting)
  const place = { pipelineId: pipelineId ?? 'none', ...(stageId === undefined ? {} : { pipelineStageId: stageId }) }
  if (id !== null) return { method: 'put', path: `/opportunities/${id}`, body: place }
  return {
    method: 'post',
    path: '/opportunities/',
    body: { locationId, name: 'Deal', status: 'open', contactId: pick(random, contactIds), ...place },
  }
}

import { type Client, createClient, type Reply } from '../support/client.ts'
import { type Document, isObject, same } from './document.ts'

/** How each kind is made, changed, deleted and listed over HTTP. */
interface Address {
  list: (locationId: string) => string[]
  create: (locationId: string, document: Document) => string
  one: (locationId: string, id: string, document: Document) => string
  /** What a change may name; everything, if not given. */
  changeable?: readonly string[]
}

const crud = (path: string, list: string): Address => ({
  list: (locationId) => [`${list}?locationId=${locationId}`],
  create: () => `${path}/`,
  one: (_, id) => `${path}/${id}`,
})
const under = (name: string, changeable?: readonly string[]): Address => ({
  list: (locationId) => [`/locations/${locationId}/${name}`],
  create: (locationId) => `/locations/${locationId}/${name}`,
  one: (locationId, id) => `/locations/${locationId}/${name}/${id}`,
  changeable,
})

const ADDRESSES: Record<string, Address> = {
  custom_fields: under('customFields', ['name', 'placeholder', 'position', 'picklistOptions', 'parentId']),
  custom_values: under('customValues', ['name', 'value', 'default']),
  tags: under('tags'),
  pipelines: crud('/opportunities/pipelines', '/opportunities/pipelines'),
  associations: {
    ...crud('/associations', '/associations/'),
    list: (locationId) => [`/associations/?locationId=${locationId}&limit=500`],
    changeable: ['firstObjectLabel', 'secondObjectLabel'],
  },
  trigger_links: crud('/links', '/links/'),
  templates: { ...under('templates'), list: (locationId) => [`/locations/${locationId}/templates?limit=100`] },
  email_templates: {
    list: (locationId) => [`/emails/builder?locationId=${locationId}&limit=500`],
    create: () => '/emails/builder',
    one: (locationId, id) => `/emails/builder/${locationId}/${id}`,
    changeable: ['html', 'subject', 'previewText', 'isPlainText', 'name', 'updatedBy'],
  },
  calendar_groups: { ...crud('/calendars/groups', '/calendars/groups'), create: () => '/calendars/groups' },
  calendar_resources: {
    list: (locationId) =>
      ['rooms', 'equipments'].map((type) => `/calendars/resources/${type}?locationId=${locationId}&limit=500`),
    create: (_, { resourceType }) => `/calendars/resources/${resourceType}`,
    one: (_, id, { resourceType }) => `/calendars/resources/${resourceType}/${id}`,
    changeable: ['name', 'isActive', 'description', 'quantity', 'outOfService', 'capacity', 'calendarIds'],
  },
  calendars: crud('/calendars', '/calendars/'),
  forms: { ...crud('/forms', '/forms/'), list: (locationId) => [`/forms/?locationId=${locationId}&limit=50`] },
  surveys: { ...crud('/surveys', '/surveys/'), list: (locationId) => [`/surveys/?locationId=${locationId}&limit=50`] },
  funnels: {
    ...crud('/funnels', '/funnels/funnel/list'),
    list: (locationId) => [`/funnels/funnel/list?locationId=${locationId}&limit=100`],
  },
  workflows: crud('/workflows', '/workflows/'),
  campaigns: crud('/campaigns', '/campaigns/'),
}
/** Lists that show names only. */
const LISTED_ONLY = new Set(['email_templates', 'forms', 'surveys', 'funnels', 'workflows', 'campaigns'])
export const KINDS = Object.keys(ADDRESSES)
/** What is worked out for whoever reads them. */
const SHOWN: Record<string, readonly string[]> = {
  pipelines: ['position', 'useOpportunityProbability'],
  calendars: ['appointmentPerSlot'],
  custom_fields: ['standard', 'scopes'],
}
/** Answers carry these beside the document. */
const BESIDE = ['id', '_id', 'locationId', 'dateAdded', 'dateUpdated', 'createdAt', 'updatedAt', 'traceId']

/** What answers show of settings that nobody has made. */
const UNSET: Record<string, Document> = {
  calendars: {
    teamMembers: [],
    notifications: [],
    openHours: [],
    availabilities: [],
    slotBuffer: 0,
    slotBufferUnit: 'mins',
    preBuffer: 0,
    preBufferUnit: 'mins',
    guestType: 'count_only',
    consentLabel: '',
    formSubmitThanksMessage: '',
  },
  custom_fields: { placeholder: '', documentType: 'field', parentId: '' },
  custom_values: { documentType: 'field' },
}

/** A document without what is only shown; `made` names what somebody has set all the same. */
export function withoutUnset(kind: string, document: Document, made: Document = {}): Document {
  const unset = UNSET[kind] ?? {}
  const isSet = ([name, value]: [string, unknown]) => name in made || !(name in unset) || !same(unset[name], value)
  return Object.fromEntries(Object.entries(document).filter(isSet)) as Document
}

export interface WireAsset {
  id: string
  document: Document
  listedName: string
}

/** One location over HTTP. Everything that is not an answer of a well-kept server throws. */
export class Wire {
  readonly client: Client
  readonly locationId: string

  constructor(url: string, location: { id: string; token: string }) {
    this.client = createClient(url, location.token)
    this.locationId = location.id
  }

  changeable(kind: string): readonly string[] | undefined {
    return ADDRESSES[kind]?.changeable
  }

  async create(kind: string, document: Document): Promise<Reply> {
    const path = (ADDRESSES[kind] as Address).create(this.locationId, document)
    const inPath = path.startsWith('/locations/')
    const { resourceType: _, ...rest } = document
    const body = {
      ...(kind === 'calendar_resources' ? rest : document),
      ...(inPath ? {} : { locationId: this.locationId }),
    }
    return this.#made(kind, await this.client.post(path, body))
  }

  async update(kind: string, id: string, document: Document, changes: Document): Promise<Reply> {
    if (kind === 'email_templates') {
      return this.#made(
        kind,
        await this.client.post('/emails/builder/data', { locationId: this.locationId, templateId: id, ...changes }),
        id,
      )
    }
    return this.#made(
      kind,
      await this.client.put((ADDRESSES[kind] as Address).one(this.locationId, id, document), changes),
    )
  }

  delete(kind: string, id: string, document: Document): Promise<Reply> {
    return this.client.delete((ADDRESSES[kind] as Address).one(this.locationId, id, document))
  }

  /** The answer with the asset as its body, whatever it is wrapped in. */
  async #made(kind: string, reply: Reply, id?: string): Promise<Reply> {
    if (reply.status >= 300) return reply
    const made =
      kind === 'email_templates' ? await this.get(kind, id ?? reply.body.redirect) : toAsset(kind, unwrap(reply.body))
    return { ...reply, body: made }
  }

  async get(kind: string, id: string): Promise<WireAsset> {
    const path =
      kind === 'email_templates' ? `/emails/builder/${id}` : (ADDRESSES[kind] as Address).one(this.locationId, id, {})
    const reply = await this.client.get(path)
    if (reply.status !== 200) throw new Error(`GET ${path}: ${reply.status} ${JSON.stringify(reply.body)}`)
    return toAsset(kind, kind === 'email_templates' ? reply.body.builder : unwrap(reply.body))
  }

  /** Every asset of a kind, whole. */
  async list(kind: string): Promise<WireAsset[]> {
    const pages = await Promise.all(
      (ADDRESSES[kind] as Address)
        .list(this.locationId)
        .map((path) => this.client.get(path).then((reply) => ({ path, reply }))),
    )
    const listed = pages.flatMap(({ path, reply }) => {
      if (reply.status !== 200) throw new Error(`GET ${path}: ${reply.status} ${JSON.stringify(reply.body)}`)
      return (Array.isArray(reply.body) ? reply.body : Object.values(reply.body).find(Array.isArray)) as Document[]
    })
    if (!LISTED_ONLY.has(kind)) return listed.map((one) => toAsset(kind, one))
    return Promise.all(
      listed.map(async (one) => ({
        ...(await this.get(kind, String(one.id ?? one._id))),
        listedName: String(one.name),
      })),
    )
  }
}

function unwrap(body: Document): Document {
  const inner = Object.entries(body).filter(([name, value]) => name !== 'traceId' && isObject(value))
  return typeof body.id === 'string' ? body : (inner[0]?.[1] as Document)
}

function toAsset(kind: string, body: Document): WireAsset {
  const document = Object.fromEntries(Object.entries(body).filter(([name]) => !BESIDE.includes(name)))
  for (const name of SHOWN[kind] ?? []) delete document[name]
  if (kind === 'pipelines') {
    document.stages = ((document.stages ?? []) as Document[]).map(
      ({ position: _, stageWinProbability: __, ...stage }) => stage,
    )
  }
  return { id: String(body.id), document, listedName: String(body.name ?? body.key) }
}

import type { FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import type { Operation } from '../operations/define.ts'
import { singleHeader } from './request-heads.ts'

/** Names of one object, v3's -> ours. `at`: where the object is, lists as `name[]`; by default the outermost. */
interface Names {
  at?: string
  names: Readonly<Record<string, string>>
}

/** What `Version: v3` says otherwise than the versions before it. */
interface Difference {
  /** Where v3 has moved the operation; there it is for v3 alone, at its old place for all versions. */
  line?: string
  /** In query and body. The names from before are taken as well. */
  asked?: readonly Names[]
  /** In answers, beside the names from before. */
  told?: readonly Names[]
}

const CHANNELS = { call: 'Call', email: 'Email', sms: 'SMS', whatsApp: 'WhatsApp', gmb: 'GMB', fb: 'FB' }
const OF_CONTACT: Difference = {
  asked: [{ at: 'dndSettings', names: CHANNELS }],
  told: [{ at: 'contact.dndSettings', names: CHANNELS }],
}
const OF_CONTACTS: Difference = { told: [{ at: 'contacts[].dndSettings', names: CHANNELS }] }
const TOKENS: Names = {
  names: {
    accessToken: 'access_token',
    tokenType: 'token_type',
    expiresIn: 'expires_in',
    refreshToken: 'refresh_token',
  },
}

const TEMPLATE: Names = {
  names: {
    editorContent: 'html',
    parentFolderId: 'parentId',
    subjectLine: 'subject',
    importUrl: 'importURL',
    userId: 'updatedBy',
  },
}

/** By the names of operations. From HighLevel's documents of v3 (highlevel-api-docs, apps/v3). */
export const V3: Readonly<Record<string, Difference>> = {
  'contacts.create': OF_CONTACT,
  'contacts.update': OF_CONTACT,
  'contacts.upsert': OF_CONTACT,
  'contacts.get': OF_CONTACT,
  'contacts.findDuplicate': OF_CONTACT,
  'contacts.list': OF_CONTACTS,
  'contacts.listByBusiness': OF_CONTACTS,
  'contacts.search': OF_CONTACTS,
  'contacts.removeFromAllCampaigns': { line: 'DELETE /contacts/:contactId/campaigns/remove-all' },
  'opportunities.search': {
    asked: [
      {
        names: {
          pipelineId: 'pipeline_id',
          pipelineStageId: 'pipeline_stage_id',
          contactId: 'contact_id',
          assignedTo: 'assigned_to',
        },
      },
    ],
  },
  'oauth.token': {
    asked: [
      {
        names: {
          clientId: 'client_id',
          clientSecret: 'client_secret',
          grantType: 'grant_type',
          refreshToken: 'refresh_token',
          userType: 'user_type',
          redirectUri: 'redirect_uri',
          codeVerifier: 'code_verifier',
        },
      },
    ],
    told: [TOKENS],
  },
  'oauth.locationToken': { line: 'POST /oauth/location-token', told: [TOKENS] },
  'oauth.installedLocations': {
    line: 'GET /oauth/installed-locations',
    asked: [{ names: { pageSize: 'limit', pageToken: 'skip' } }],
    told: [{ names: { items: 'locations' } }],
  },
  'emails.list': {
    line: 'GET /emails/locations/:locationId/templates',
    asked: [{ names: { folderId: 'parentId', sortOrder: 'sortByDate' } }],
    told: [
      { names: { items: 'builders' } },
      { at: 'items[]', names: { updatedAt: 'lastUpdated', createdAt: 'dateAdded', parentFolderId: 'parentId' } },
    ],
  },
  'emails.create': { line: 'POST /emails/locations/:locationId/templates', asked: [TEMPLATE] },
  'emails.createFolder': { asked: [TEMPLATE] },
  'emails.import': { asked: [TEMPLATE] },
  'emails.change': { asked: [TEMPLATE] },
  'emails.get': { line: 'GET /emails/locations/:locationId/templates/:templateId' },
  'emails.delete': {
    line: 'DELETE /emails/locations/:locationId/templates/:templateId',
    told: [{ names: { deleted: 'ok' } }],
  },
}

export const isV3 = (request: FastifyRequest) => singleHeader(request, 'version') === 'v3'

/** A place that v3 alone knows is none under other versions. */
export function refuseOthers(request: FastifyRequest): void {
  if (isV3(request)) return
  throw new AppError('route_unknown', { method: request.method, path: request.url.split('?')[0] })
}

/** What was asked in the words of v3, in ours. */
export function fromV3({ name }: Operation, asked: unknown): unknown {
  for (const { at = '', names } of V3[name]?.asked ?? [])
    for (const object of objectsAt(asked, at)) rename(object, names)
  return asked
}

/** An answer, with what v3 calls otherwise under both names. */
export function toV3({ name }: Operation, answer: unknown): unknown {
  const { told } = V3[name] ?? {}
  if (told === undefined) return answer
  const copy = structuredClone(answer)
  for (const { at = '', names } of told)
    for (const object of objectsAt(copy, at))
      for (const [theirs, ours] of Object.entries(names))
        if (ours in object && !(theirs in object)) object[theirs] = structuredClone(object[ours])
  return copy
}

type Json = Record<string, unknown>

/** The objects at a place: none, one, or as many as a list on the way has. */
function objectsAt(value: unknown, at: string): Json[] {
  const steps = at === '' ? [] : at.split('.')
  const found = steps.reduce<unknown[]>(
    (places, step) => places.flatMap((place) => (place as Json | null)?.[step.replace('[]', '')] ?? []),
    [value],
  )
  return found.filter((one) => typeof one === 'object' && one !== null && !Array.isArray(one)) as Json[]
}

/** Two names with two values are left alone: the one that is not ours is refused. */
function rename(object: Json, names: Names['names']): void {
  for (const [theirs, ours] of Object.entries(names)) {
    if (!Object.hasOwn(object, theirs)) continue
    if (Object.hasOwn(object, ours) && JSON.stringify(object[ours]) !== JSON.stringify(object[theirs])) continue
    object[ours] = object[theirs]
    delete object[theirs]
  }
}

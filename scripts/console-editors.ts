import type { Operation } from '../src/operations/define.ts'
import { placementOf, type Registry } from '../src/operations/registry.ts'
import { RESOURCES } from '../src/resources/index.ts'
import { RECORDS } from '../src/resources/records/index.ts'
import type { AssetResource } from '../src/store/assets/index.ts'

export const CONSOLE_EDITORS = 'console/src/api/editors.json'

/**
 * What the console needs to edit an asset of each kind: the operation that changes it, what that takes, and which of it
 * names other assets and parts. Kinds that nothing changes whole are not among it.
 */
export function consoleEditors({ all }: Registry): string {
  const editors = Object.fromEntries(
    [...RESOURCES.values()].flatMap((resource) => {
      const change = all.find((operation) => changes(operation, resource))
      return change === undefined ? [] : [[resource.kind, editorOf(resource, change)]]
    }),
  )
  return `${JSON.stringify(editors, null, 1)}\n`
}

/** Its PUT, and not that of a part of it. */
const changes = ({ http, locate }: Operation, { kind }: AssetResource) =>
  locate !== null && locate.kind === kind && http.startsWith('PUT ') && http.endsWith(`/:${locate.param}`)

function editorOf({ noun, refs, partRefs, parts, positions, local }: AssetResource, operation: Operation) {
  return {
    noun,
    path: placementOf(operation).path,
    param: operation.locate?.param,
    schema: bodyOf(operation),
    refs,
    partRefs,
    parts: Object.keys(parts),
    positions,
    local: Object.keys(local),
  }
}

/** What an operation takes in its body; the location goes without saying. */
function bodyOf(operation: Operation, without: readonly string[] = []) {
  const { path } = placementOf(operation)
  const hidden = new Set([...[...path.matchAll(/:(\w+)/g)].map(([, name]) => name as string), 'locationId', ...without])
  const { properties, required = [] } = operation.input as unknown as { properties: object; required?: string[] }
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(properties).flatMap(([name, one]) => (hidden.has(name) ? [] : [[name, spelled(one)]])),
    ),
    required: required.filter((name) => !hidden.has(name)),
  }
}

/** `type: ['string', 'null']` -> `type: 'string', nullable: true`. */
function spelled(schema: { type?: string | readonly string[] }) {
  const { type } = schema
  if (!Array.isArray(type)) return schema
  return { ...schema, type: type.find((one) => one !== 'null'), nullable: true }
}

export const CONSOLE_RECORD_EDITORS = 'console/src/api/record-editors.json'

/** What people write first, and what of it names something else: kinds of assets, contacts or users. */
const RECORD_FORMS = {
  contacts: {
    usual: ['firstName', 'lastName', 'email', 'phone', 'companyName', 'tags'],
    without: ['name'],
    refs: { assignedTo: 'users' },
  },
  opportunities: {
    usual: ['name', 'contactId', 'pipelineId', 'pipelineStageId', 'status', 'monetaryValue'],
    refs: { contactId: 'contacts', pipelineId: 'pipelines', lostReasonId: 'lost_reasons', assignedTo: 'users' },
    partRefs: { pipelineStageId: 'pipelines' },
  },
  appointments: {
    usual: ['title', 'calendarId', 'contactId', 'startTime', 'endTime', 'appointmentStatus'],
    refs: { contactId: 'contacts', calendarId: 'calendars', assignedUserId: 'users' },
    moments: ['startTime', 'endTime'],
  },
  businesses: { usual: ['name', 'phone', 'email', 'website', 'description'] },
} as const satisfies Record<string, RecordForm>

interface RecordForm {
  usual: readonly string[]
  without?: readonly string[]
  refs?: Readonly<Record<string, string>>
  partRefs?: Readonly<Record<string, string>>
  moments?: readonly string[]
}

/** The same for records: how one of each kind is made, and how it is changed. */
export function consoleRecordEditors({ all }: Registry): string {
  const named = (name: string) => all.find((operation) => operation.name === name) as Operation
  const editors = Object.entries(RECORD_FORMS as Record<string, RecordForm>).map(([kind, form]) => {
    const { without = [], refs = {}, partRefs = {}, ...more } = form
    const common = { noun: RECORDS.get(kind)?.noun, refs, partRefs, parts: [], positions: {}, local: [], ...more }
    const editor = (operation: Operation) => {
      const { path } = placementOf(operation)
      return { ...common, path, param: /:(\w+)$/.exec(path)?.[1] ?? '', schema: bodyOf(operation, without) }
    }
    return [kind, { make: editor(named(`${kind}.create`)), change: editor(named(`${kind}.update`)) }]
  })
  return `${JSON.stringify(Object.fromEntries(editors), null, 1)}\n`
}

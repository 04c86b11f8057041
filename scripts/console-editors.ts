import type { Operation } from '../src/operations/define.ts'
import { placementOf, type Registry } from '../src/operations/registry.ts'
import { RESOURCES } from '../src/resources/index.ts'
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
  const { path } = placementOf(operation)
  const inPath = new Set([...path.matchAll(/:(\w+)/g)].map(([, name]) => name as string)).add('locationId')
  const { properties, required = [] } = operation.input as unknown as { properties: object; required?: string[] }
  return {
    noun,
    path,
    param: operation.locate?.param,
    schema: {
      type: 'object',
      properties: Object.fromEntries(Object.entries(properties).filter(([name]) => !inPath.has(name))),
      required: required.filter((name) => !inPath.has(name)),
    },
    refs,
    partRefs,
    parts: Object.keys(parts),
    positions,
    local: Object.keys(local),
  }
}

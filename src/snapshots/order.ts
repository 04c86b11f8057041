import type { AssetResource } from '../store/assets/index.ts'

/**
 * Kinds in the order they are applied: what is referred to before what refers to it. Where kinds refer to each other
 * in a circle, the order of the resources decides; pointers name lineages, so a circle is no obstacle.
 */
export function dependencyOrder(resources: ReadonlyMap<string, AssetResource>): string[] {
  const order: string[] = []
  const state = new Map<string, 'visiting' | 'done'>()
  const visit = (kind: string) => {
    if (state.has(kind)) return
    state.set(kind, 'visiting')
    const resource = resources.get(kind)
    const needs = resource === undefined ? [] : [...Object.values(resource.refs), ...Object.values(resource.partRefs)]
    for (const need of resources.keys()) if (need !== kind && needs.includes(need)) visit(need)
    state.set(kind, 'done')
    order.push(kind)
  }
  for (const kind of resources.keys()) visit(kind)
  return order
}

/** These kinds, in that order; kinds this installation does not know come last, by name. */
export function inDependencyOrder(resources: ReadonlyMap<string, AssetResource>, kinds: Iterable<string>): string[] {
  const wanted = new Set(kinds)
  const known = dependencyOrder(resources).filter((kind) => wanted.has(kind))
  return [...known, ...[...wanted].filter((kind) => !resources.has(kind)).sort()]
}

import type { Change } from './changes.ts'
import { copy, type Document, listsAt, resourceOf, type Value } from './document.ts'
import { Drawing } from './drawing.ts'
import type { Place } from './model.ts'
import type { World } from './run.ts'

export const drawingIn = (world: World, place: Place) =>
  new Drawing({ chance: world.chance, features: world.features, place, number: world.number })

export function drawChanges(world: World, place: Place, kind: string, content: Document): Change[] {
  const { chance } = world
  const drawing = drawingIn(world, place)
  const other = drawing.document(kind)
  const fixed = world.fixed(kind)
  const names = Object.keys(other).filter((name) => !fixed.has(name) && !(name in resourceOf(kind).parts))
  const changes: Change[] = []
  for (const name of names)
    if (chance.is(name === 'name' ? 0.35 : 0.3)) changes.push({ set: [name], value: copy(other[name] as Value) })
  for (const path of world.features.has('parts') ? Object.keys(resourceOf(kind).parts) : []) {
    if (chance.is(0.5) && !path.includes('[]'))
      changes.push(...drawPartChanges(world, drawing, { kind, content, path }))
  }
  return changes
}

function drawPartChanges(
  { chance }: World,
  drawing: Drawing,
  { kind, content, path }: { kind: string; content: Document; path: string },
): Change[] {
  const parts = listsAt(content, `${path}[]`).flat()
  const added = drawing.newPart(kind, `${path}[]`)
  if (added !== undefined && (parts.length === 0 || chance.is(0.35)))
    return [{ add: [path], value: added, at: chance.below(parts.length + 1) }]
  const part = chance.find(parts)
  if (part === undefined) return []
  if (chance.is(0.3)) return [{ drop: [path], part: part.id as string }]
  if (chance.is(0.25)) return [{ swap: [path] }]
  const like = drawing.newPart(kind, `${path}[]`) ?? {}
  const inner = new Set(Object.keys(resourceOf(kind).parts).map((one) => one.split('[].').at(-1)))
  const names = Object.keys(like).filter((name) => !['id', 'type', 'webhook'].includes(name) && !inner.has(name))
  return chance.some(names, 0.5).map((name) => ({ set: [path, part.id as string, name], value: like[name] as Value }))
}

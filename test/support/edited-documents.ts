import fc from 'fast-check'
import { type Json, toPart } from '../../src/snapshots/diff.ts'
import { partMarker } from '../../src/store/markers.ts'

export type Doc = { [name: string]: Json }
export interface Edited {
  kind: string
  base: Doc
  target: Doc
  source: Doc
}

const pick = (ids: readonly string[], at: number) => ids[at % ids.length] as string
const small = fc.nat({ max: 7 })
const text = fc.constantFrom('a', 'b', 'c')
const tags = fc.subarray(['⟦tags:1⟧', '⟦tags:2⟧', '⟦tags:3⟧'])
/** A part's own content, given the ids it may point to. */
type Content = (ids: readonly string[], at: number) => Doc

const stepContent: fc.Arbitrary<Content> = fc
  .record({
    next: fc.option(small),
    body: text,
    tags,
    to: small,
    type: fc.constantFrom('send_sms', 'add_tag', 'go_to_step', 'if_else'),
  })
  .map(({ next, body, tags: tagIds, to, type }) => (ids, at) => ({
    type,
    next: next === null ? null : partMarker(pick(ids, next)),
    ...(type === 'send_sms' ? { body: to > 5 ? `see ${partMarker(pick(ids, to))}` : body } : {}),
    ...(type === 'add_tag' ? { tagIds } : {}),
    ...(type === 'go_to_step' ? { goToStepId: partMarker(pick(ids, to)) } : {}),
    ...(type === 'if_else'
      ? { branches: [{ id: partMarker(`${pick(ids, at)}b`), name: body, next: partMarker(pick(ids, to)) }] }
      : {}),
  }))
const stageContent: fc.Arbitrary<Content> = small.map((probability) => (_, position) => ({ probability, position }))
const fieldContent: fc.Arbitrary<Content> = fc
  .record({
    type: fc.constantFrom('text', 'custom_field'),
    options: fc.subarray(['x', 'y', 'z']),
    required: fc.boolean(),
  })
  .map((content) => () => content)

interface PartDraft {
  id: string
  label: string
  content: Content
}

/** The document that these parts make; extra is what else it says about them. */
const shapes: Record<string, (parts: PartDraft[], extra: number[]) => Doc> = {
  workflows: (parts, extra) => ({ name: 'W', steps: build(parts, 'name'), ...says('description', parts, extra) }),
  pipelines: (parts) => ({ name: 'P', stages: build(parts, 'name') }),
  forms: (parts, extra) => {
    const ids = parts.map((part) => part.id)
    const conditions = ids.length === 0 ? [] : pairs(extra).map(([a, b]) => condition(pick(ids, a), pick(ids, b)))
    return {
      name: 'F',
      fields: build(parts, 'label'),
      ...(conditions.length > 0 ? { conditions } : {}),
      ...says('trackingCode', parts, extra),
    }
  },
  surveys: (parts, extra) => {
    const ids = parts.map((part) => part.id)
    const slides = ['s1', 's2', 's3'].map((slide, at) => ({
      id: partMarker(slide),
      name: slide,
      fields: build(parts, 'label').filter((_, index) => (extra[index % 3] ?? index) % 3 === at),
      jumps:
        ids.length === 0 || (extra[at] ?? 0) > 4
          ? []
          : [
              {
                fieldId: partMarker(pick(ids, extra[at] ?? 0)),
                operator: 'is',
                action: 'go_to_slide',
                slideId: partMarker(`s${((extra[0] ?? 0) % 3) + 1}`),
              },
            ],
    }))
    return withoutDangling({ name: 'S', slides: slides.filter((_, at) => extra[2] !== at) })
  },
}

/** A text that may name a part. */
function says(name: string, parts: PartDraft[], [about = 0, whether = 0]: number[]): Doc {
  if (parts.length === 0 || whether > 5) return {}
  return { [name]: whether > 3 ? 'nothing' : `see ${partMarker((parts[about % parts.length] as PartDraft).id)}` }
}

const condition = (on: string, to: string): Doc => ({
  fieldId: partMarker(on),
  operator: 'is',
  action: 'show',
  targetFieldId: partMarker(to),
})
const pairs = (numbers: number[]) =>
  numbers.slice(1).map((number, index) => [numbers[index] as number, number] as const)

function build(parts: PartDraft[], label: string): Doc[] {
  const ids = parts.map((part) => part.id)
  return parts.map((part, at) => ({ id: partMarker(part.id), [label]: part.label, ...part.content(ids, at) }))
}

/** A jump to what this document does not have is not one a person could save. */
function withoutDangling(document: Doc): Doc {
  const present = new Set(idsIn(document))
  const slides = (document.slides as Doc[]).map((slide) => ({
    ...slide,
    jumps: (slide.jumps as Doc[]).filter(
      (jump) => present.has(String(jump.fieldId)) && present.has(String(jump.slideId)),
    ),
  }))
  return { ...document, slides }
}

export function idsIn(value: Json): string[] {
  if (value === null || typeof value !== 'object') return []
  const part = toPart(value)
  return [...(part === null ? [] : [part.id]), ...Object.values(value).flatMap(idsIn)]
}

const contents: Record<string, fc.Arbitrary<Content>> = {
  workflows: stepContent,
  pipelines: stageContent,
  forms: fieldContent,
  surveys: fieldContent,
}

interface Edits {
  remove: number[]
  change: { at: number; content: Content }[]
  rename: { at: number; label: string }[]
  add: { at: number; label: string; content: Content }[]
  move: { from: number; to: number }[]
  extra: number[] | null
}

const editsOf = (content: fc.Arbitrary<Content>): fc.Arbitrary<Edits> =>
  fc.record({
    remove: fc.array(small, { maxLength: 2 }),
    change: fc.array(fc.record({ at: small, content }), { maxLength: 2 }),
    rename: fc.array(fc.record({ at: small, label: fc.constantFrom('q', 'r') }), { maxLength: 1 }),
    add: fc.array(fc.record({ at: small, label: fc.constantFrom('n', 'N', 'o', 'p'), content }), { maxLength: 2 }),
    move: fc.array(fc.record({ from: small, to: small }), { maxLength: 1 }),
    extra: fc.option(fc.array(small, { minLength: 3, maxLength: 3 })),
  })

function edit(parts: readonly PartDraft[], edits: Edits, prefix: string): PartDraft[] {
  let list = parts.map((part, index) => ({
    ...part,
    content: edits.change.find(({ at }) => at === index)?.content ?? part.content,
    label: edits.rename.find(({ at }) => at === index)?.label ?? part.label,
  }))
  list = list.filter((_, index) => !edits.remove.includes(index))
  for (const [index, { at, label, content }] of edits.add.entries())
    list.splice(at, 0, { id: `${prefix}${index}`, label, content })
  for (const { from, to } of edits.move) if (from < list.length) list.splice(to, 0, ...list.splice(from, 1))
  return list
}

export const edited: fc.Arbitrary<Edited> = fc
  .constantFrom('workflows', 'pipelines', 'forms', 'surveys')
  .chain((kind) => {
    const content = contents[kind] as fc.Arbitrary<Content>
    const shape = shapes[kind] as (parts: PartDraft[], extra: number[]) => Doc
    return fc
      .record({
        contents: fc.array(content, { maxLength: 5 }),
        extra: fc.array(small, { minLength: 3, maxLength: 3 }),
        target: editsOf(content),
        source: editsOf(content),
      })
      .map(({ contents: list, extra, target, source }) => {
        const parts = list.map((each, index) => ({ id: `p${index}`, label: `part ${index}`, content: each }))
        const side = (edits: Edits, prefix: string) => shape(edit(parts, edits, prefix), edits.extra ?? extra)
        return { kind, base: shape(parts, extra), target: side(target, 't'), source: side(source, 'u') }
      })
  })

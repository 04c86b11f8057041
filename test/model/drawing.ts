import { type Document, isObject, listsAt, partsOf, resourceOf } from './document.ts'
import { livingIn } from './model.ts'
import { skeleton } from './skeletons.ts'
import { KINDS } from './wire.ts'
import { Words } from './words.ts'

/** Kinds that cannot carry the same name twice by accident of how the others are made. */
const PLAIN = ['tags', 'trigger_links', 'templates', 'associations']

/** Of a dense world: names, parts, and what names both. */
const DENSE = ['tags', 'tags', 'pipelines', 'forms', 'workflows']

/** Draws documents for a location, with references to what lives there. */
export class Drawing extends Words {
  kind(): string {
    const { chance } = this.scene
    const usual = this.has('dense') ? DENSE : KINDS
    const kinds = usual.filter((kind) => this.has('unique') || resourceOf(kind).unique === null)
    if (chance.is(0.35)) return chance.of(kinds.filter((kind) => PLAIN.includes(kind) || kind === 'pipelines'))
    return chance.of(kinds)
  }

  document(kind: string): Document {
    const document = skeleton(kind, this)
    for (const path of Object.keys(resourceOf(kind).refs))
      if (this.scene.chance.is(0.3)) this.#refer(kind, document, path)
    if (!this.has('parts')) return document
    for (const path of Object.keys(resourceOf(kind).partRefs))
      if (this.scene.chance.is(0.4)) this.#point(kind, document, path)
    this.#jump(kind, document)
    return document
  }

  /** A new part for a list of parts. */
  newPart(kind: string, path: string): Document | undefined {
    const lists = (document: Document) => listsAt(document, path)
    for (let tries = 0; tries < 8; tries++) {
      const part = lists(skeleton(kind, this)).flat()[0]
      if (part !== undefined) return part
    }
    return undefined
  }

  /** Puts a reference at a declared path; elements on the way are made where there are none. */
  #refer(kind: string, document: Document, path: string): void {
    const wanted = this.asset(resourceOf(kind).refs[path] as string)
    if (wanted === undefined || (!this.has('cycles') && !isEarlier(resourceOf(kind).refs[path] as string, kind))) return
    this.#put(document, path.split('.'), wanted)
  }

  #point(kind: string, document: Document, path: string): void {
    const to = resourceOf(kind).partRefs[path] as string
    const parts =
      to === kind ? listsAt(document, POINTS_TO[path.split('.').at(-1) as string] ?? '').flat() : this.#foreignParts(to)
    const wanted = this.scene.chance.find(parts)?.id as string | undefined
    const isJump = ['forms', 'surveys'].includes(kind) && /^(conditions|slides)/.test(path)
    if (wanted !== undefined && !isJump) this.#put(document, path.split('.'), wanted)
  }

  /** What a form shows by an answer, and where a survey goes: elements that are nothing without their pointers. */
  #jump(kind: string, document: Document): void {
    const { chance } = this.scene
    const fields = listsAt(document, kind === 'forms' ? 'fields[]' : 'slides[].fields[]').flat()
    if (fields.length === 0 || chance.is(0.5)) return
    const [fieldId, targetFieldId] = [chance.of(fields).id as string, chance.of(fields).id as string]
    if (kind === 'forms')
      document.conditions = [{ fieldId, operator: 'is', value: this.word(), action: 'show', targetFieldId }]
    if (kind !== 'surveys') return
    const slides = document.slides as Document[]
    chance.of(slides).jumps = [
      { fieldId, operator: 'is', value: this.word(), action: 'go_to_slide', slideId: chance.of(slides).id as string },
    ]
  }

  #foreignParts(kind: string): Document[] {
    return livingIn(this.scene.place, kind).flatMap((asset) => partsOf(kind, asset.content))
  }

  #put(holder: Document, [step, ...rest]: string[], value: string): void {
    const { chance } = this.scene
    const name = (step as string).replace('[]', '')
    const isList = step !== name
    if (rest.length === 0) {
      holder[name] = isList ? [...new Set([...((holder[name] as string[] | undefined) ?? []), value])] : value
      return
    }
    const made = isList || holder[name] !== undefined ? undefined : MADE[name]?.()
    if (made !== undefined) holder[name] = made
    if (!isList) {
      if (isObject(holder[name])) this.#put(holder[name], rest, value)
      return
    }
    const list = (holder[name] ?? []) as Document[]
    if (name === 'fields' && holder.type === 'send_sms') list.push({ customFieldId: value })
    if (list.length === 0 && name in MADE) list.push(MADE[name]?.(this) as Document)
    const element = chance.find(list)
    if (element === undefined) return
    holder[name] = list
    this.#put(element, rest, value)
  }
}

/** Elements that a reference needs around it. */
const MADE: Record<string, (drawing?: Drawing) => Document> = {
  conditions: () => ({ subject: 'contact', operator: 'is' }),
  wait: () => ({ until: 'time' }),
  autoResponder: () => ({}),
  trigger: () => ({ type: 'manual' }),
  onSubmit: () => ({ action: 'message' }),
  branches: (drawing) => ({ id: (drawing as Drawing).part(), name: 'Branch' }),
}

/** Which list a pointer inside a document leads to. */
const POINTS_TO: Record<string, string> = {
  next: 'steps[]',
  goToStepId: 'steps[]',
  stepId: 'steps[]',
  'pages[]': 'pages[]',
  replyGoToEventId: 'events[]',
}

const isEarlier = (kind: string, than: string) => KINDS.indexOf(kind) < KINDS.indexOf(than)

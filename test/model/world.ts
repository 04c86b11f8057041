import type { Chance } from './chance.ts'
import { type Document, HERE, isObject, listsAt, partsOf, resourceOf, tokenOf } from './document.ts'
import { livingIn, type Place } from './model.ts'
import { KINDS } from './wire.ts'

/** Rules that can be left out of a world, to look at the others alone. */
export const FEATURES = [
  'chains',
  'matches',
  'deletions',
  'rollback',
  'parts',
  'local',
  'texts',
  'cycles',
  'unique',
  'records',
  'only',
  'policies',
  'twoSnapshots',
  'planHash',
  'names',
  'settle',
] as const
export type Feature = (typeof FEATURES)[number]

/** So few that names meet, swap and come back. */
const NAMES = ['Alpha', 'Beta', 'Gamma', 'Delta']
/** What is one of the names to whoever compares them as people do. */
const VARIANTS: Record<string, string[]> = {
  Alpha: ['alpha', 'ALPHA', 'ＡLPHA'],
  Beta: ['BETA', 'beta'],
  Gamma: ['Gamma Ray', 'gamma  ray', 'Gamma\u00a0Ray'],
  Delta: ['De\u0301lta', 'D\u00e9lta'],
}
const WORDS = ['red', 'green', 'blue', 'grey']
/** Kinds that cannot carry the same name twice by accident of how the others are made. */
const PLAIN = ['tags', 'trigger_links', 'templates', 'associations']

export interface Scene {
  chance: Chance
  features: ReadonlySet<Feature>
  place: Place
  /** Number of the action that is being drawn: tokens made in it carry it. */
  number: number
}

/** Draws documents for a location, with references to what lives there. */
export class Drawing {
  readonly #scene: Scene
  #parts = 0

  constructor(scene: Scene) {
    this.#scene = scene
  }

  #has(feature: Feature): boolean {
    return this.#scene.features.has(feature)
  }

  name(): string {
    const { chance } = this.#scene
    const name = chance.of(NAMES)
    if (!this.#has('matches')) return `${name} of ${this.#scene.place.name}`
    return this.#has('names') && chance.is(0.25) ? chance.of(VARIANTS[name] as string[]) : name
  }

  word = (): string => this.#scene.chance.of(WORDS)

  /** Some words, each once. */
  words = (): string[] => this.#scene.chance.some(WORDS, 0.5)

  part = (): string => tokenOf(`p${this.#scene.number}.${this.#parts++}`)

  text(): string {
    const { chance } = this.#scene
    if (!this.#has('texts') || chance.is(0.4)) return `A ${this.word()} text`
    const named = this.asset(chance.of(['forms', 'trigger_links', 'calendars', 'surveys', 'workflows', 'custom_fields', 'tags', 'funnels']))
    if (named === undefined) return chance.is(0.5) ? `Location ${HERE} is ${this.word()}` : `A ${this.word()} text`
    const slash = chance.of(['%2F', '%252F'])
    return chance.of([
      `https://y.example/go?to=x.example${slash}form${slash}${named}`,
      `https://x.example/widget/form/${named}?a=1`,
      `See {{trigger_link.${named}}} in ${this.word()}`,
      `<a href="/go/${named}">${HERE}</a>`,
      named,
    ])
  }

  asset(kind: string): string | undefined {
    return this.#scene.chance.find(livingIn(this.#scene.place, kind))?.token
  }

  kind(): string {
    const { chance } = this.#scene
    const kinds = KINDS.filter((kind) => this.#has('unique') || resourceOf(kind).unique === null)
    if (chance.is(0.35)) return chance.of(kinds.filter((kind) => PLAIN.includes(kind) || kind === 'pipelines'))
    return chance.of(kinds)
  }

  document(kind: string): Document {
    const document = this.#skeleton(kind)
    for (const path of Object.keys(resourceOf(kind).refs)) if (this.#scene.chance.is(0.3)) this.#refer(kind, document, path)
    if (!this.#has('parts')) return document
    for (const path of Object.keys(resourceOf(kind).partRefs)) if (this.#scene.chance.is(0.4)) this.#point(kind, document, path)
    this.#jump(kind, document)
    return document
  }

  #skeleton(kind: string): Document {
    const { chance } = this.#scene
    const name = this.name()
    const own = <T extends Document>(values: T): Document => (this.#has('local') && chance.is(0.5) ? values : {})
    const parts = (make: () => Document): Document[] => Array.from({ length: chance.below(4) }, make)
    switch (kind) {
      case 'custom_fields':
        return { name, dataType: 'SINGLE_OPTIONS', model: 'contact', placeholder: this.word(), picklistOptions: this.words(), position: chance.below(9) }
      case 'custom_values':
        return { name, default: this.text(), value: this.text() }
      case 'tags':
        return { name }
      case 'pipelines':
        return { name, stages: parts(() => this.#named({ probability: chance.below(100) })), showInFunnel: chance.is(0.5) }
      case 'associations':
        return { key: name, firstObjectLabel: this.word(), firstObjectKey: 'contact', secondObjectLabel: this.word(), secondObjectKey: 'contact' }
      case 'trigger_links':
        return { name, redirectTo: this.text() }
      case 'templates':
        return { name, type: chance.of(['sms', 'email']), template: { body: this.text(), attachments: [] }, urlAttachments: this.words() }
      case 'email_templates':
        return { name, type: 'html', html: this.text(), subject: this.word(), previewText: this.word(), ...own({ updatedBy: this.word() }) }
      case 'calendar_groups':
        return { name, description: this.text(), slug: name, isActive: chance.is(0.5) }
      case 'calendar_resources':
        return { name, resourceType: 'rooms', isActive: chance.is(0.5), description: this.text(), capacity: chance.below(9), calendarIds: [] }
      case 'calendars':
        return {
          name,
          description: this.text(),
          notes: this.word(),
          eventNotifications: parts(() => this.#notification()),
          ...own({ alertEmail: `${this.word()}@x.example` }),
        }
      case 'forms':
        return {
          name: this.#telling(name),
          description: this.text(),
          fields: parts(() => this.#field()),
          onSubmit: { action: 'message', message: this.text(), ...own({ notifyEmails: this.words() }) },
          theme: { font: this.word(), buttonText: this.word() },
          trackingCode: this.text(),
        }
      case 'surveys':
        return {
          name,
          description: this.text(),
          slides: parts(() => this.#named({ fields: parts(() => this.#field()) })),
          onSubmit: { action: 'message', message: this.text() },
        }
      case 'funnels':
        return {
          name,
          category: this.word(),
          trackingCodeHead: this.text(),
          steps: parts(() => this.#named({ url: `/${this.word()}` })),
          pages: parts(() => this.#named({ title: this.word(), sections: parts(() => this.#named({ type: 'html', html: this.text() })) })),
        }
      case 'workflows':
        return {
          name,
          description: this.text(),
          trigger: { type: 'manual', keywords: this.words() },
          steps: parts(() => this.#named(chance.is(0.85) ? { type: 'send_sms', body: this.text(), ...own({ assignedTo: this.word() }) } : this.#webhook())),
          ...own({ status: chance.of(['draft', 'published']) }),
        }
      default:
        return {
          name,
          description: this.text(),
          events: parts(() => this.#named({ type: 'sms', body: this.text(), ...own({ userIds: this.words() }) })),
          ...own({ status: chance.of(['draft', 'published']) }),
        }
    }
  }

  #named(rest: Document): Document {
    return { id: this.part(), name: this.name(), ...rest }
  }

  /** Some names name an asset, or the location; nothing else is called so. */
  #telling(name: string): string {
    const { chance, number, place } = this.#scene
    if (!this.#has('texts') || chance.is(0.9)) return name
    return `For ${this.asset('tags') ?? HERE}, number ${number} of ${place.name}`
  }

  /** Ids as names of properties. */
  #webhook(): Document {
    const field = this.#has('texts') ? this.asset('custom_fields') : undefined
    return { type: 'webhook', webhook: { method: 'POST', url: 'https://x.example', body: { plain: this.word(), ...(field && { [field]: this.word() }) } } }
  }

  #field(): Document {
    return { id: this.part(), type: 'text', label: this.name(), placeholder: this.word(), options: this.words() }
  }

  #notification(): Document {
    const { chance } = this.#scene
    const staff: Document = this.#has('local') && chance.is(0.5) ? { selectedUsers: this.words() } : {}
    return { id: this.part(), receiverType: 'contact', channel: 'email', notificationType: 'booked', subject: this.word(), body: this.text(), ...staff }
  }

  /** A new part for a list of parts. */
  newPart(kind: string, path: string): Document | undefined {
    const lists = (document: Document) => listsAt(document, path)
    for (let tries = 0; tries < 8; tries++) {
      const part = lists(this.#skeleton(kind)).flat()[0]
      if (part !== undefined) return part
    }
    return undefined
  }

  /** Puts a reference at a declared path; elements on the way are made where there are none. */
  #refer(kind: string, document: Document, path: string): void {
    const wanted = this.asset(resourceOf(kind).refs[path] as string)
    if (wanted === undefined || (!this.#has('cycles') && !isEarlier(resourceOf(kind).refs[path] as string, kind))) return
    this.#put(document, path.split('.'), wanted)
  }

  #point(kind: string, document: Document, path: string): void {
    const to = resourceOf(kind).partRefs[path] as string
    const parts = to === kind ? listsAt(document, POINTS_TO[path.split('.').at(-1) as string] ?? '').flat() : this.#foreignParts(to)
    const wanted = this.#scene.chance.find(parts)?.id as string | undefined
    const isJump = ['forms', 'surveys'].includes(kind) && /^(conditions|slides)/.test(path)
    if (wanted !== undefined && !isJump) this.#put(document, path.split('.'), wanted)
  }

  /** What a form shows by an answer, and where a survey goes: elements that are nothing without their pointers. */
  #jump(kind: string, document: Document): void {
    const { chance } = this.#scene
    const fields = listsAt(document, kind === 'forms' ? 'fields[]' : 'slides[].fields[]').flat()
    if (fields.length === 0 || chance.is(0.5)) return
    const [fieldId, targetFieldId] = [chance.of(fields).id as string, chance.of(fields).id as string]
    if (kind === 'forms') document.conditions = [{ fieldId, operator: 'is', value: this.word(), action: 'show', targetFieldId }]
    if (kind !== 'surveys') return
    const slides = document.slides as Document[]
    chance.of(slides).jumps = [{ fieldId, operator: 'is', value: this.word(), action: 'go_to_slide', slideId: chance.of(slides).id as string }]
  }

  #foreignParts(kind: string): Document[] {
    return livingIn(this.#scene.place, kind).flatMap((asset) => partsOf(kind, asset.content))
  }

  #put(holder: Document, [step, ...rest]: string[], value: string): void {
    const { chance } = this.#scene
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

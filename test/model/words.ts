import type { Chance } from './chance.ts'
import { HERE, tokenOf } from './document.ts'
import type { Feature } from './features.ts'
import { livingIn, type Place } from './model.ts'

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

/** Looks like what Tintype marks references with, and is what a client has written. */
export const STRANGE = /⟦(?:red|green|blue|grey)⟧?/g

interface Scene {
  chance: Chance
  features: ReadonlySet<Feature>
  place: Place
  /** Number of the action that is being drawn: tokens made in it carry it. */
  number: number
}

/** Draws names and texts for a location, which may name what lives there. */
export class Words {
  readonly scene: Scene
  #parts = 0

  constructor(scene: Scene) {
    this.scene = scene
  }

  has(feature: Feature): boolean {
    return this.scene.features.has(feature)
  }

  name(): string {
    const { chance } = this.scene
    const name = chance.of(NAMES)
    if (!this.has('matches')) return `${name} of ${this.scene.place.name}`
    return this.has('names') && chance.is(0.25) ? chance.of(VARIANTS[name] as string[]) : name
  }

  word = (): string => this.scene.chance.of(WORDS)

  /** Some words, each once. */
  words = (): string[] => this.scene.chance.some(WORDS, 0.5)

  /** A name that holds what looks like a marker of our own, or a reference. */
  strange(): string {
    const { chance } = this.scene
    const named = chance.is(0.5) && this.has('texts') ? this.asset('tags') : undefined
    return named === undefined ? `⟦${this.word()}${chance.is(0.5) ? '⟧' : ''}` : `For ${named}`
  }

  part = (): string => tokenOf(`p${this.scene.number}.${this.#parts++}`)

  text(): string {
    const { chance } = this.scene
    if (!this.has('texts') || chance.is(0.4)) return `A ${this.word()} text`
    const named = this.asset(
      chance.of(['forms', 'trigger_links', 'calendars', 'surveys', 'workflows', 'custom_fields', 'tags', 'funnels']),
    )
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
    return this.scene.chance.find(livingIn(this.scene.place, kind))?.token
  }

  /** Some names name an asset, or the location; nothing else is called so. */
  telling(name: string): string {
    const { chance, number, place } = this.scene
    if (!this.has('texts') || chance.is(0.9)) return name
    return `For ${this.asset('tags') ?? HERE}, number ${number} of ${place.name}`
  }
}

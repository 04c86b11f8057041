export type Side = 'source' | 'target'

/** What a person has decided about conflicts, by path. A decision holds for everything below its path. */
export class Takes {
  readonly #takes: ReadonlyMap<string, Side>

  constructor(takes: ReadonlyMap<string, Side>) {
    this.#takes = takes
  }

  at(path: string): Side | null {
    if (this.#takes.size === 0) return null
    const exact = this.#takes.get(path) ?? this.#takes.get('')
    if (exact !== undefined) return exact
    let best: string | null = null
    for (const key of this.#takes.keys()) if (isBelow(path, key) && key.length > (best?.length ?? -1)) best = key
    return best === null ? null : (this.#takes.get(best) as Side)
  }

  /** Something inside this value has been decided: it cannot be settled as a whole. */
  isBelow(path: string): boolean {
    return this.#takes.keys().some((key) => isBelow(key, path))
  }
}

export function isBelow(path: string, above: string): boolean {
  return above === '' ? path !== '' : path.startsWith(`${above}.`) || path.startsWith(`${above}[`)
}

import type { Habits, Mapping, Outcome, Problem } from './document.ts'

/** A mapping that cannot be used, with everything that is wrong with it. */
export class MappingFault extends Error {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ at, message }) => `${at}: ${message}`).join('; '))
    this.problems = problems
  }
}

export interface CompiledMapping {
  readonly mapping: Mapping
  /** Never throws: what goes wrong with an item is its outcome. */
  apply(item: unknown, habits: Habits): Promise<Outcome>
}

/** Throws `MappingFault`. */
export declare function compileMapping(mapping: Mapping): CompiledMapping

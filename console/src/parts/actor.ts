import { texts } from './texts.ts'

const { actors } = texts

/** Who did something, in words: what they are called, or what they are or were where they have no name any more. */
export const actorText = (actor: string, actorName: string | null): string =>
  actorName ?? actors[actor.slice(0, actor.indexOf(':'))] ?? actors.person

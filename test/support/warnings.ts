import type { Actor, Story } from './stories.ts'

/** What a plan, or the preview of a roll-back, says beside the plan itself. */
export interface Warning {
  kind: string
  name: string
  why: string
  missing?: { kind: string; lineage: string; name?: string }
  records?: { kind: string; count: number }
}

export const warningsOf = async (
  { agency }: Story,
  snapshotId: string,
  target: Actor,
  options: object = {},
): Promise<Warning[]> => (await agency.plan(snapshotId, [target.id], options)).targets[0].warnings

/** `name: why`. */
export const inWords = (warnings: readonly Warning[]): string[] => warnings.map(({ name, why }) => `${name}: ${why}`)

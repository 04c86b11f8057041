/**
 * One asset of the demo. In any string `@{kind/ref}` stands for the id of another demo asset, `@{kind/ref#name}` for
 * the id of one of its parts, `@{location}` for the id of the location.
 */
export interface DemoAsset {
  kind: string
  ref: string
  document: Record<string, unknown>
  /** Properties that are set once everything exists: what makes references go round in circles. */
  later?: Record<string, unknown>
}

export interface Setting<T> {
  env: string
  /** Never repeated in a message. */
  secret?: boolean
  flag?: string
  default: T
  parse: (text: string) => T
  description: string
}

export function setting<T>(value: Setting<T>): Setting<T> {
  return value
}

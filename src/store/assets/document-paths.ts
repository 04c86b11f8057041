export type Json = string | number | boolean | null | Json[] | { [name: string]: Json }

export const isRecord = (value: unknown): value is { [name: string]: Json } =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
export const join = (path: string, name: string) => (path === '' ? name : `${path}.${name}`)
export const clip = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text)

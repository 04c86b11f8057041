import type { FastifyRequest } from 'fastify'
import type { Config } from '../config.ts'
import { AppError } from '../errors.ts'
import type { Operation } from '../operations/define.ts'
import { FORM_BYTES } from './form-body.ts'

/** Where no document travels: whatever the schema allows fits in. */
export const SMALL_BYTES = 65_536
/** A character may take six bytes in JSON (`\u00e9`). */
const BYTES_PER_CHARACTER = 6
const NUMBER_BYTES = 32

/** Largest body that an operation takes: what its schema could ever need, and no more than the settings allow. */
export function bodyLimitOf(operation: Operation, config: Config): number {
  if (operation.rawBody !== null) return config[operation.rawBody.limit]
  if (operation.formBody) return FORM_BYTES
  return Math.min(config.bodyBytes, Math.max(SMALL_BYTES, bytesOf(operation.input as Bounded)))
}

interface Bounded {
  type?: string | string[]
  anyOf?: Bounded[]
  allOf?: Bounded[]
  enum?: unknown[]
  const?: unknown
  maxLength?: number
  maxItems?: number
  items?: Bounded
  properties?: Record<string, Bounded>
  additionalProperties?: unknown
}

/** The largest JSON that fits a schema; infinite where it sets no bounds. */
function bytesOf(schema: Bounded): number {
  const { type, maxLength = Number.POSITIVE_INFINITY, maxItems = Number.POSITIVE_INFINITY } = schema
  if (schema.enum !== undefined) return Math.max(0, ...schema.enum.map((value) => JSON.stringify(value).length))
  if (schema.const !== undefined) return JSON.stringify(schema.const).length
  if (schema.anyOf !== undefined) return Math.max(0, ...schema.anyOf.map(bytesOf))
  if (schema.allOf !== undefined) return schema.allOf.reduce((sum, part) => sum + bytesOf(part), 0)
  if (Array.isArray(type)) return Math.max(0, ...type.map((one) => bytesOf({ ...schema, type: one })))
  if (type === 'string') return maxLength * BYTES_PER_CHARACTER + 2
  if (type === 'number' || type === 'integer' || type === 'boolean' || type === 'null') return NUMBER_BYTES
  if (type === 'array')
    return schema.items === undefined ? Number.POSITIVE_INFINITY : maxItems * (bytesOf(schema.items) + 2)
  if (schema.properties === undefined || schema.additionalProperties !== false) return Number.POSITIVE_INFINITY
  return Object.entries(schema.properties).reduce(
    (sum, [name, property]) => sum + name.length + 4 + bytesOf(property),
    2,
  )
}

/** What is small while it is packed can be anything (RFC 9110, 15.5.16). */
export function refusePacked({ headers: { 'content-encoding': encoding = 'identity' } }: FastifyRequest): void {
  if (encoding.toLowerCase() !== 'identity') throw new AppError('body_packed', { encoding: encoding.slice(0, 100) })
}

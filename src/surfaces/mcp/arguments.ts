import { Readable } from 'node:stream'
import type { Caller } from '../../auth/caller.ts'
import type { Config } from '../../config.ts'
import { invalid } from '../../errors.ts'
import type { Operation } from '../../operations/define.ts'
import { placementOf, TENANT_QUERY } from '../../operations/registry.ts'
import { coerceText } from '../../store/validate.ts'
import { hide, refusalOf } from '../request-input.ts'
import { type SpooledFile, spool } from '../spool.ts'
import { KEY, knownOf } from './tools.ts'

type Json = Record<string, unknown>

/** What a call of a tool brings. */
export interface Arguments {
  input: Json
  faults: readonly string[]
  idempotencyKey: string | undefined
}

/** Arguments of a tool as the input of its operation: nothing is taken that a request over HTTP could not bring. */
export function readArguments(operation: Operation, { [KEY]: key, ...args }: Json, caller: Caller): Arguments {
  const { properties } = operation.input
  const { bodyNames } = placementOf(operation)
  const faults: string[] = []
  const input: Json = { ...knownOf(operation, caller) }
  for (const [name, value] of Object.entries(args)) {
    // Numbers of paths and queries come as texts, too.
    if (Object.hasOwn(properties, name))
      input[name] = bodyNames.includes(name) ? value : coerceText(properties[name], value)
    else if (TENANT_QUERY.includes(name as never)) {
      input[name] = value
      hide(input, name)
    } else faults.push(...refusalOf(operation, name))
  }
  if (key !== undefined && typeof key !== 'string') faults.push(`${KEY} must be a string`)
  else if (key !== undefined && operation.access === 'read') faults.push(`property ${KEY} should not exist`)
  return { input, faults, idempotencyKey: typeof key === 'string' ? key : undefined }
}

/** No operation takes more. */
const MOST_FILES = 11

/** Puts files of an input on disk, as those of forms are, once it is known that they may come. */
export async function takeFiles(operation: Operation, input: Json, config: Config): Promise<AsyncDisposable> {
  const file = operation.upload ?? operation.rawBody
  const given = file === null ? undefined : input[file.property]
  const files: SpooledFile[] = []
  const removeAll = async () => {
    for (const one of files) await one.remove()
  }
  if (file === null || given === undefined) return { [Symbol.asyncDispose]: removeAll }
  try {
    for (const one of [given].flat().slice(0, MOST_FILES)) {
      const content = operation.rawBody !== null && typeof one === 'string' ? { text: one } : one
      files.push(await spoolFile(content, { ...file, mostBytes: config[file.limit] }))
    }
  } catch (error) {
    await removeAll()
    throw error
  }
  input[file.property] = Array.isArray(given) ? [...files] : files[0]
  return { [Symbol.asyncDispose]: removeAll }
}

function spoolFile(
  value: unknown,
  { property, mostBytes }: { property: string; mostBytes: number },
): Promise<SpooledFile> {
  const sent = (value ?? {}) as Json
  const { fileName = 'file', contentType = 'application/octet-stream', fieldName = property, text, base64 } = sent
  const content = typeof text === 'string' ? Buffer.from(text) : Buffer.from(String(base64 ?? ''), 'base64')
  const isNamed = [fileName, contentType, fieldName].every((one) => typeof one === 'string')
  if (!isNamed || (typeof text === 'string') === (typeof base64 === 'string'))
    throw invalid([`${property} must be a file: fileName, and either text or base64`])
  const names = { fileName: String(fileName), contentType: String(contentType), fieldName: String(fieldName) }
  return spool(Readable.from([content]), names, { mostBytes })
}

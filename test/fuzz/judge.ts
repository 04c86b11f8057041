import { setTimeout as pause } from 'node:timers/promises'
import type { TSchema } from 'typebox'
import type { Operation } from '../../src/operations/define.ts'
import { registry } from '../../src/operations/index.ts'
import { placementOf } from '../../src/operations/registry.ts'
import { mayAsk } from '../../src/operations/roles.ts'
import { misfitsOf } from '../../src/store/validate.ts'
import { inputFor, type Owner, singular, toRequest } from '../support/requests.ts'
import { saysSo } from '../support/wires.ts'
import { type Answered, sendRaw } from './door.ts'
import { type CallerName, type FuzzRequest, isPerson, roleOf } from './request.ts'
import type { FuzzWorld } from './world.ts'

/** On the processor at one go, in which nobody else is answered. */
const MOST_BUSY_MS = 250
export const MOST_MEMORY_MB = 400

export interface Verdict {
  status: number
  /** Null: as it should be. */
  fault: string | null
  wrote: boolean
}

/** Refusals that remember something: a stolen token ends the family of its grant, a wrong password counts. */
const REMEMBERS = [
  'oauth.token',
  'oauth.revoke',
  'oauth.introspect',
  'account.password',
  'account.enrolSecondFactor',
  'account.confirmSecondFactor',
  'account.switchOffSecondFactor',
  'account.renewRecoveryCodes',
]

/** Sends a request and looks at everything that must hold of any. */
export async function judge(world: FuzzWorld, request: FuzzRequest): Promise<Verdict> {
  const operation = registry.get(request.operation)
  const verdict = (status: number, fault: string | null, wrote = false): Verdict => ({ status, fault, wrote })
  let answered: Answered | null
  try {
    const sending = sendRaw(world.target, request)
    answered = await sending
  } catch (error) {
    const { code } = error as { code?: string }
    // Refused while the body was still on its way.
    if (code === 'ECONNRESET' || code === 'EPIPE') return verdict(0, null)
    return verdict(0, (error as Error).message)
  }
  if (answered === null) return verdict(0, null)
  const { status } = answered
  const look = await world.look(operation.name)
  const writes = await world.takeWrites()
  const wrote = [...writes].map(([name, count]) => `${name} (${count})`).join(', ')
  if (status >= 500)
    return verdict(
      status,
      `answers ${status}: ${world.takeErrors().join('\n').slice(0, 3_000) || answered.text.slice(0, 500)}`,
    )
  if (status >= 400 && writes.size > 0 && !REMEMBERS.includes(operation.name))
    return verdict(status, `is refused (${status}) and has written: ${wrote}`)
  if (operation.access === 'read' && writes.size > 0) return verdict(status, `reads, and has written: ${wrote}`)
  // An empty name in a path is the path of another operation.
  if (/\/\/|\/$/.test(request.path.split(/[?#]/)[0] as string)) return verdict(status, null)
  if (status === 401 && isPerson(request.caller)) await world.signInAnew()
  const unfit = unfitOf(operation, answered) ?? excessOf(operation, request.caller, status, writes.size > 0)
  if (unfit !== null) return verdict(status, unfit)
  if (look.busyMs > MOST_BUSY_MS && (await isBusyAgain(world, request)))
    return verdict(status, `keeps everybody else waiting for ${Math.round(look.busyMs)} ms (${status})`)
  if (status < 300 && writes.size > 0) {
    const fault = await readBack(world, operation, answered)
    if (fault !== null) return verdict(status, fault, true)
  }
  return verdict(status, null, status < 300 && writes.size > 0)
}

/** The first time may be that of a compiler, or of a collection of garbage that was somebody else's. */
async function isBusyAgain(world: FuzzWorld, request: FuzzRequest): Promise<boolean> {
  for (let round = 0; round < 2; round++) {
    await sendRaw(world.target, request)?.catch(() => null)
    const { busyMs } = await world.look(request.operation)
    await world.takeWrites()
    if (busyMs <= MOST_BUSY_MS) return false
  }
  return true
}

/** What people did who may not. */
function excessOf(operation: Operation, caller: CallerName, status: number, wrote: boolean): string | null {
  if (status >= 300 || operation.token === 'none') return null
  const role = roleOf(caller)
  if (role !== null && !mayAsk(role, operation)) return `is not for the role ${role}, and answers ${status}`
  return role === 'viewer' && wrote && operation.token !== 'person' ? 'lets a viewer write' : null
}

/** Answers are what they say they are, errors too. */
function unfitOf(operation: Operation, { status, type, text }: Answered): string | null {
  if (status === 0) return 'no status'
  if (text === '') return null
  if (/json/.test(type) && (status >= 400 || operation.output !== 'stream')) {
    let body: unknown
    try {
      body = JSON.parse(text)
    } catch {
      return `answers ${status} with what is no JSON: ${text.slice(0, 200)}`
    }
    if (status >= 400)
      return saysSo(operation, body, status) ? null : `answers ${status} without saying so: ${text.slice(0, 300)}`
    const misfits = misfitsOf(operation.output as TSchema, body)
    return misfits.length === 0
      ? null
      : `answers what its schema does not allow: ${misfits.slice(0, 3).join('; ')}: ${text.slice(0, 300)}`
  }
  return null
}

const nounOf = ({ name }: Operation) => name.split('.')[0] as string

/** Ids in an answer, by what they are called. */
function idsIn(body: unknown, noun: string): Map<string, string> {
  const ids = new Map<string, string>()
  const keep = (name: string, value: unknown) => {
    if (typeof value === 'string' && value !== '') ids.set(name, value)
  }
  const { id, _id } = (body ?? {}) as { id?: unknown; _id?: unknown }
  keep(noun, id ?? _id)
  for (const [name, value] of Object.entries((body ?? {}) as object)) {
    const inner = value as { id?: unknown; _id?: unknown } | null
    if (typeof inner === 'object' && inner !== null) keep(singular(name), inner.id ?? inner._id)
    if (/^\w+Id$/.test(name)) keep(name.slice(0, -2), value)
  }
  return ids
}

/** What was written is there and can be read, by the operations of its noun. */
async function readBack(world: FuzzWorld, operation: Operation, { text, type }: Answered): Promise<string | null> {
  if (!/json/.test(type)) return null
  for (const [name, id] of idsIn(JSON.parse(text), singular(nounOf(operation))))
    if (world.mine.ids.has(name) && world.mine.ids.get(name) !== id) world.made.set(name, id)
  const reads = readable.filter((read) => nounOf(read) === nounOf(operation))
  for (const read of reads) {
    const fault = await readOnce(world, read)
    if (fault !== null) return `is accepted, and then ${fault}`
  }
  return null
}

/** What can be read with a token and with ids alone. */
const readable = registry.all.filter(
  ({ access, token, oauthOnly, rawBody }) => access === 'read' && token !== 'none' && !oauthOnly && rawBody === null,
)

async function readOnce(world: FuzzWorld, read: Operation): Promise<string | null> {
  const { mine, made } = world
  const owners: Owner[] = [{ ...mine, word: 'fuzz' }]
  const { pathNames } = placementOf(read)
  if (pathNames.length > 0 && made.size > 0)
    owners.push({ ...mine, ids: new Map([...mine.ids, ...made]), word: 'fuzz' })
  const seen = new Set<string>()
  for (const owner of owners) {
    const { method, path, body } = toRequest(read, inputFor(read, owner))
    if (seen.has(path)) continue
    seen.add(path)
    const caller =
      read.token === 'agency' || read.token === 'operator' || read.token === 'app'
        ? read.token
        : read.token === 'person'
          ? 'person-owner'
          : 'location'
    const headers: Record<string, string> = {
      version: '2021-07-28',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    }
    const fault = await quietly(world, { operation: read.name, caller, method, path, headers, body, encoding: 'utf8' })
    if (fault !== null) return fault
  }
  return null
}

/** What a request that reads does wrong. */
async function quietly(world: FuzzWorld, request: FuzzRequest): Promise<string | null> {
  const shown = `${request.method} ${request.path}`
  const answered = await sendRaw(world.target, request)?.catch((error: Error) => error)
  if (answered === undefined) return null
  if (answered instanceof Error) return `${shown}: ${answered.message}`
  const { busyMs } = await world.look(request.operation)
  if (answered.status >= 500)
    return (
      `${shown} answers ${answered.status}: ` +
      `${world.takeErrors().join('\n').slice(0, 3_000) || answered.text.slice(0, 300)}`
    )
  const unfit = unfitOf(registry.get(request.operation), answered)
  if (unfit !== null) return `${shown} ${unfit}`
  if (busyMs > MOST_BUSY_MS * 2) return `${shown} keeps everybody else waiting for ${Math.round(busyMs)} ms`
  return null
}

const PLAIN: Omit<FuzzRequest, 'operation' | 'path'> = {
  caller: 'agency',
  method: 'GET',
  headers: { version: '2021-07-28' },
  body: undefined,
  encoding: 'utf8',
}

/**
 * Everything that can be read of the tenant is read, captured, exported, imported again, and planned for another
 * location.
 */
export async function readAll(world: FuzzWorld): Promise<string | null> {
  for (const read of readable) {
    const fault = await readOnce(world, read)
    if (fault !== null) return fault
  }
  return captureAll(world)
}

const PUSH_MS = 30_000

/** What comes of a push: nothing in it may fail. */
async function follow(read: () => Promise<{ status: string }>): Promise<string | null> {
  for (const end = Date.now() + PUSH_MS; Date.now() < end; await pause(100)) {
    const push = await read()
    if (push.status === 'completed') return null
    if (!['pending', 'processing'].includes(push.status))
      return `a push of everything ends as ${JSON.stringify(push).slice(0, 1_000)}`
  }
  return 'a push of everything does not end'
}

async function isThere(world: FuzzWorld): Promise<boolean> {
  const path = `/locations/${world.mine.locationId}`
  const answered = await sendRaw(world.target, { ...PLAIN, operation: 'locations.get', path })
  return answered?.status === 200
}

async function captureAll(world: FuzzWorld): Promise<string | null> {
  const { companyId, locationId } = world.mine
  const company = `companyId=${companyId}`
  // Whoever deleted it has nothing to capture.
  if (!(await isThere(world))) return null
  const ask = async (method: string, path: string, body?: unknown, type = 'application/json') => {
    const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body)
    const headers: Record<string, string> = {
      version: '2021-07-28',
      ...(text === undefined ? {} : { 'content-type': type }),
    }
    const answered = await sendRaw(world.target, {
      operation: 'snapshots.create',
      caller: 'agency',
      method,
      path,
      headers,
      body: text,
      encoding: 'utf8',
    })
    await world.look('a capture')
    const { status, text: answer } = answered as Answered
    if (status >= 300)
      throw new Error(
        `${method} ${path} answers ${status}: ` +
          `${world.takeErrors().join('\n').slice(0, 3_000) || answer.slice(0, 1_000)}`,
      )
    return answer
  }
  try {
    const { snapshot } = JSON.parse(await ask('POST', `/snapshots/?${company}`, { name: 'All of it', locationId }))
    const archive = await ask('GET', `/snapshots/${snapshot.id}/export?${company}`)
    await ask('POST', `/snapshots/import-file?${company}`, archive, 'application/octet-stream')
    await ask('GET', `/snapshots/${snapshot.id}/assets?${company}`)
    const target = { locationIds: [world.world.neighbour.locationId] }
    await ask('POST', `/snapshots/${snapshot.id}/plan?${company}`, target)
    const { push } = JSON.parse(await ask('POST', `/snapshots/${snapshot.id}/push?${company}`, target))
    return await follow(async () => JSON.parse(await ask('GET', `/snapshots/pushes/${push.id}?${company}`)).push)
  } catch (error) {
    return `a capture of everything: ${(error as Error).message}`
  } finally {
    await world.takeWrites()
  }
}

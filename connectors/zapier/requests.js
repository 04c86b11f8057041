const { createHash } = require('node:crypto')

const DAY_MS = 86_400_000
const WINDOW_DAYS = 30
const PAGE_SIZE = 100
const MOST_PAGES = 10
/** Where a page begins, and where a list goes on: nobody fills them in. */
const PAGING = /^(limit|pageLimit|skip|offset|page|after|searchAfter|startAfter\w*|lastMessageId)$/
/** Fields of a location's own: `custom_` and the id of the field. */
const CUSTOM = /^custom_(.+)$/

/** Texts of several lines. */
const LONG = /^(body|html|rawHTML|description|notes|message)$/

/** `dueDate` -> `Due Date`. */
const labelOf = (name) =>
  name
    .replace(/_(\w)/g, (_, letter) => letter.toUpperCase())
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/^\w/, (letter) => letter.toUpperCase())

/** The fields of an entry: what the catalogue says of them, their names, and whether they are needed. */
const fieldsOf = ({ fields }, entry) =>
  entry.fields
    .split(' ')
    .filter((one) => one !== '')
    .map((one) => {
      const key = one.replace('!', '')
      return { name: key.replace(/~\d+$/, ''), needed: one.endsWith('!'), ...fields[key] }
    })

const methodOf = ({ line }) => line.split(' ')[0]

/** What is sent where somebody has left out what is needed; undefined where nothing can be known. */
function standard(entry, { name, most = PAGE_SIZE }, place) {
  if (name === 'locationId' || name === 'companyId') return place[name]
  if (name === 'limit' || name === 'pageLimit') return Math.min(most, PAGE_SIZE)
  if (name === 'skip' || name === 'offset') return 0
  if (methodOf(entry) !== 'GET') return undefined
  if (/^start(Time|Date)$/.test(name)) return String(Date.now())
  if (/^end(Time|Date)$/.test(name)) return String(Date.now() + WINDOW_DAYS * DAY_MS)
  return undefined
}

/** Whether people may leave it out, although the operation needs it. */
const isFilledIn = (entry, field) => standard(entry, field, { locationId: '', companyId: '' }) !== undefined

/** A value as the operation wants it, from what a form gave. Throws where it cannot be read. */
function readValue({ name, type, list }, given) {
  if (list)
    return Array.isArray(given)
      ? given
      : String(given)
          .split(',')
          .map((one) => one.trim())
  if (given instanceof Date) return given.toISOString()
  if (typeof given !== 'string') return given
  if (type === 'integer' || type === 'number') return Number(given)
  if (type === 'boolean') return /^(true|yes|1)$/i.test(given)
  if (type !== 'json') return given
  try {
    return JSON.parse(given)
  } catch (cause) {
    throw new Error(`${name} is not JSON: ${cause.message}`)
  }
}

/**
 * An entry and its input as a request: method, address behind that of the server, and body. `place`: the location and
 * the company that the connection is to.
 */
function toRequest(catalogue, entry, { input, place }) {
  const [method, path] = entry.line.split(' ')
  const values = new Map()
  for (const field of fieldsOf(catalogue, entry)) {
    const given = input[field.name]
    const isGiven = given !== undefined && given !== ''
    const value = isGiven
      ? readValue(field, given)
      : field.needed || field.name === 'locationId'
        ? standard(entry, field, place)
        : undefined
    if (value !== undefined) values.set(field.name, value)
  }
  const own = Object.entries(input).flatMap(([key, value]) => {
    const [, id] = CUSTOM.exec(key) ?? []
    return id === undefined || value === '' ? [] : [{ id, value }]
  })
  if (own.length > 0) values.set('customFields', [...(values.get('customFields') ?? []), ...own])
  const address = path.replace(/:(\w+)/g, (_, name) => {
    const value = values.get(name)
    values.delete(name)
    if (value === undefined) throw new Error(`${name} is missing`)
    return encodeURIComponent(value)
  })
  const bodyless = method === 'GET' || (method === 'DELETE' && !entry.body)
  const query = new URLSearchParams()
  const body = {}
  for (const [name, value] of values) {
    if (bodyless || entry.query?.includes(name)) for (const one of [value].flat()) query.append(name, one)
    else body[name] = value
  }
  const text = query.toString()
  return { method, address: text === '' ? address : `${address}?${text}`, ...(bodyless ? {} : { body }) }
}

/** What stands at a path like `messages.messages[]` or `*.slots[]` of an answer; the answer itself where it is empty. */
function itemsOf(answer, items) {
  let found = [answer]
  for (const step of items === '' ? [] : items.split('.')) {
    const name = step.replace(/\[\]$/, '')
    found = found
      .filter((one) => one !== null && one !== undefined)
      .flatMap((one) => (name === '*' ? Object.values(one) : [name === '' ? one : one[name]]))
    if (step.endsWith('[]')) found = found.flat()
  }
  return found.filter((one) => one !== null && one !== undefined)
}

/**
 * Items of a list: all pages of one that is read by counting, at most so many; of others the first page, with what
 * changed last. `read`: items of one answer to an input.
 */
async function readPages(catalogue, entry, { input, read }) {
  const fields = fieldsOf(catalogue, entry)
  const counter = ['skip', 'offset'].find((one) => fields.some(({ name }) => name === one))
  const limit = fields.find(({ name }) => name === 'limit')
  const size = Math.min(PAGE_SIZE, limit?.most ?? PAGE_SIZE)
  const asked = { ...entry.newest, ...(limit === undefined ? {} : { limit: size }), ...input }
  const items = []
  for (let page = 0; page < (counter === undefined ? 1 : MOST_PAGES); page++) {
    const found = await read(page === 0 ? asked : { ...asked, [counter]: page * size })
    items.push(...found)
    if (found.length < size) break
  }
  return items
}

/** RFC 8785 of what came as JSON. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const members = Object.keys(value).sort()
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`
}

const joined = (parts) => parts.map((part) => encodeURIComponent(part ?? '')).join('/')
const partOf = (item, field) => (field === '.' ? item : item?.[field])

/** What tells an item from others, and from itself before it changed: as the catalogue says. */
function keyOf({ id, version, request }, input, item) {
  const { traceId: _, ...content } = Object(item)
  const whole = typeof item === 'object' ? content : item
  return {
    id: joined([...request.map((name) => input[name]), ...id.map((field) => partOf(item, field))]),
    version:
      version.length > 0
        ? joined(version.map((field) => partOf(item, field)))
        : createHash('sha256').update(canonical(whole)).digest('hex').slice(0, 16),
  }
}

/** An item as one line of a drop-down list. */
function toChoice(item) {
  const id = item.id ?? item._id
  const person = [item.firstName ?? item.firstNameRaw, item.lastName ?? item.lastNameRaw].filter(Boolean).join(' ')
  return {
    id,
    name: item.name || item.contactName || item.label || item.title || person || item.email || item.key || id,
  }
}

/** Stages of all pipelines, or of one. */
const stagesOf = (pipelines, pipelineId) =>
  pipelines
    .filter(({ id }) => !pipelineId || id === pipelineId)
    .flatMap(({ name, stages }) => stages.map((stage) => ({ id: stage.id, name: `${name}: ${stage.name}` })))

/** Whose own fields an entry takes. */
const modelOf = ({ line }) => (line.includes('/opportunities') ? 'opportunity' : 'contact')

module.exports = {
  LONG,
  PAGING,
  fieldsOf,
  isFilledIn,
  itemsOf,
  keyOf,
  labelOf,
  modelOf,
  readPages,
  stagesOf,
  toChoice,
  toRequest,
}

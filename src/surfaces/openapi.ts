import type { TSchema } from 'typebox'
import { ROLES } from '../auth/roles.ts'
import { sampleOf } from '../operations/catalogue/index.ts'
import type { Operation } from '../operations/define.ts'
import { placementOf, type Registry } from '../operations/registry.ts'
import { mayAsk } from '../operations/roles.ts'
import { withoutTuples } from './schema-text.ts'

type Json = Record<string, unknown>
/** Schemas by their names. */
type Types = Map<string, Json>

const REFUSALS: Record<string, { name: string; description: string; schema: string }> = {
  400: {
    name: 'BadRequest',
    description: 'The request cannot be understood, or what it asks for is not allowed.',
    schema: 'Error',
  },
  401: { name: 'Unauthorized', description: 'Version header, token or scope is missing or wrong.', schema: 'Error' },
  403: {
    name: 'Forbidden',
    description: 'The company, the location or the thing belongs to somebody else.',
    schema: 'Error',
  },
  404: { name: 'NotFound', description: 'There is no such thing.', schema: 'Error' },
  409: { name: 'Conflict', description: 'The state of the thing does not allow this now.', schema: 'Error' },
  413: { name: 'TooLarge', description: 'The body is too large.', schema: 'Error' },
  422: { name: 'Invalid', description: 'One message for each fault of the input.', schema: 'ValidationError' },
  429: {
    name: 'TooManyRequests',
    description: 'The rate limit is used up; the headers say when it is renewed.',
    schema: 'Error',
  },
  default: { name: 'Failure', description: 'Something failed here; trying again can help.', schema: 'Error' },
}

const error = (message: Json): Json => ({
  type: 'object',
  required: ['statusCode', 'message', 'traceId'],
  properties: { statusCode: { type: 'integer' }, message, error: { type: 'string' }, traceId: { type: 'string' } },
})

/** The whole surface as OpenAPI 3.1, read from the registry. */
export function toOpenApi(
  registry: Registry,
  options: { url: string; version: string; versions: readonly string[] },
): Json {
  const paths: Record<string, Json> = {}
  const templates = new Map<string, string>()
  const types: Types = new Map()
  for (const operation of registry.all) {
    const { method, path } = placementOf(operation)
    // OpenAPI takes /a/{x} and /a/{y} for one path, so the first spelling serves both.
    const shape = path.replace(/:\w+/g, ':')
    const template = templates.get(shape) ?? path.replace(/:(\w+)/g, '{$1}')
    templates.set(shape, template)
    paths[template] = { ...paths[template], [method.toLowerCase()]: toPathItem(operation, template, types) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tintype',
      version: options.version,
      description: 'The self-hosted snapshot platform for CRMs.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: options.url }],
    tags: [...new Set(registry.all.map((operation) => operation.category))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description:
            'A private integration token or an OAuth access token; for agencies, the token of whoever runs the server.',
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'tintype_session',
          description: 'Somebody who signed in (POST /session). Writes need the header x-tintype-console: 1.',
        },
        client: {
          type: 'http',
          scheme: 'basic',
          description: "An app's client_id and client_secret. They may come in the body instead.",
        },
      },
      parameters: {
        Version: {
          name: 'Version',
          in: 'header',
          required: true,
          description: 'Version of the wire.',
          schema: { type: 'string', enum: options.versions },
        },
      },
      responses: Object.fromEntries(
        Object.values(REFUSALS).map(({ name, description, schema }) => [
          name,
          { description, content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } } },
        ]),
      ),
      schemas: {
        Error: error({ type: 'string' }),
        ValidationError: error({ type: 'array', items: { type: 'string' } }),
        ...Object.fromEntries([...types].sort(([one], [other]) => (one < other ? -1 : 1))),
      },
    },
  }
}

function securityOf(operation: Operation): Json[] {
  const { clientAuth, token } = operation
  if (clientAuth) return [{ client: [] }, {}]
  if (token === 'none') return []
  if (token === 'person') return [{ session: [] }]
  return mayAsk('owner', operation) ? [{ bearer: [] }, { session: [] }] : [{ bearer: [] }]
}

function toPathItem(operation: Operation, template: string, types: Types): Json {
  const { pathNames, queryNames, bodyNames, path } = placementOf(operation)
  const { properties, required = [] } = operation.input
  const inHeader = (name: string) => operation.clientAuth && ['client_id', 'client_secret'].includes(name)
  const isRequired = (name: string) => (required as string[]).includes(name) && !inHeader(name)
  const spelled = [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string)
  const parameter = (name: string, place: 'path' | 'query', as = name): Json => ({
    name: as,
    in: place,
    required: place === 'path' || isRequired(name),
    schema: toSchema(properties[name] ?? { type: 'string' }, types),
  })
  const item: Json = {
    operationId: operation.name,
    summary: operation.title,
    description: operation.description,
    tags: [operation.category],
    security: securityOf(operation),
    parameters: [
      ...(operation.token === 'none' || operation.versionless === true
        ? []
        : [{ $ref: '#/components/parameters/Version' }]),
      ...pathNames.map((name, index) => parameter(name, 'path', spelled[index])),
      ...queryNames.map((name) => parameter(name, 'query')),
    ],
    responses: { [operation.status]: toAnswer(operation, types), ...refusalsOf(operation, path) },
    'x-tintype': {
      name: operation.name,
      kind: operation.kind,
      access: operation.access,
      token: operation.token,
      scope: [operation.scope].flat(),
      roles: ROLES.filter((role) => mayAsk(role, operation)),
    },
  }
  if (operation.rawBody !== null)
    item.requestBody = { required: true, content: { 'application/octet-stream': { schema: { type: 'string' } } } }
  else if (bodyNames.length > 0) {
    const { upload } = operation
    const plain = bodyNames.filter((name) => name !== upload?.property)
    const schema = {
      type: 'object',
      required: plain.filter(isRequired),
      properties: Object.fromEntries(plain.map((name) => [name, toSchema(properties[name] as TSchema, types)])),
      additionalProperties: false,
    }
    const file = { type: 'string', format: 'binary' }
    const files = upload?.most === undefined ? file : { type: 'array', items: file, maxItems: upload.most }
    const form = upload === null ? null : { ...schema, properties: { ...schema.properties, [upload.property]: files } }
    item.requestBody = {
      required: schema.required.length > 0,
      content: {
        ...(operation.formBody ? { 'application/x-www-form-urlencoded': { schema } } : {}),
        'application/json': { schema: operation.listBody === null ? schema : schema.properties[operation.listBody] },
        ...(form === null ? {} : { 'multipart/form-data': { schema: form } }),
      },
    }
  }
  return item
}

/** What answers carry besides (`traced` in http.ts). */
const traceId = { type: 'string', description: 'What the log knows the call by.' }

function traced({ output, formBody }: Operation, types: Types): unknown {
  const { properties, title } = output as { properties?: Json; title?: string }
  const schema = toSchema(output as TSchema, types) as Json
  if (formBody || properties === undefined || 'traceId' in properties) return schema
  if (title !== undefined) return { allOf: [schema, { type: 'object', properties: { traceId } }] }
  return { ...schema, properties: { ...(schema.properties as Json), traceId } }
}

function toAnswer(operation: Operation, types: Types): Json {
  const { output, title, http } = operation
  if (output === 'stream') return { description: title, content: { '*/*': { schema: { type: 'string' } } } }
  const sample = sampleOf(http)
  return {
    description: title,
    content: {
      'application/json': { schema: traced(operation, types), ...(sample === undefined ? {} : { example: sample }) },
    },
  }
}

function refusalsOf(operation: Operation, path: string): Json {
  const codes = ['400', '422', '429', 'default']
  if (operation.token !== 'none') codes.push('401', '403')
  if (operation.clientAuth) codes.push('401')
  if (path.includes(':')) codes.push('404')
  if (operation.access !== 'read') codes.push('409', '413')
  return Object.fromEntries(
    codes.sort().map((code) => [code, { $ref: `#/components/responses/${(REFUSALS[code] as { name: string }).name}` }]),
  )
}

/** What has a name (`Noun` in operations/schemas.ts) is written once; whatever holds it refers to it. */
function toSchema(schema: TSchema, types: Types): unknown {
  return JSON.parse(JSON.stringify(withoutTuples(schema)), (_name, value) =>
    value?.type === 'object' && typeof value.title === 'string' ? refer(value, types) : value,
  )
}

function refer({ title, ...schema }: Json & { title: string }, types: Types): Json {
  const known = types.get(title)
  if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema))
    throw new Error(`two types are called ${title}`)
  types.set(title, schema)
  return { $ref: `#/components/schemas/${title}` }
}

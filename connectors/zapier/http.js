const catalogue = require('./catalogue.json')
const { itemsOf, toRequest } = require('./requests.js')

const VERSION = '2021-07-28'
/** Where the server is: `zapier env:set`. */
const server = () => String(process.env.TINTYPE_URL ?? '').replace(/\/$/, '')

const entryOf = (key) => catalogue.entries.find((entry) => entry.key === key)

const withHeaders = (request, _z, { authData }) => {
  request.headers = { Version: VERSION, ...request.headers }
  if (authData?.access_token) request.headers.Authorization ??= `Bearer ${authData.access_token}`
  return request
}

/** What the server says of a refusal. 401 and 429 are Zapier's own: it refreshes tokens, and waits. */
const refuse = (response, z) => {
  const { status, content } = response
  if (status < 400) return response
  let said = content
  try {
    said = [JSON.parse(content).message].flat().join('; ')
  } catch {}
  throw new z.errors.Error(said, status === 404 ? 'NotFound' : 'Refused', status)
}

const refuseUnlessAsked = (response, z) => (response.skipThrowForStatus ? response : refuse(response, z))

/** The token of one location, for a connection to a whole agency. */
async function locationToken(z, authData, locationId) {
  const { data } = await z.request({
    method: 'POST',
    url: `${server()}/oauth/locationToken`,
    body: { companyId: authData.companyId, locationId },
  })
  return data.access_token
}

/** Calls an entry with what was filled in. */
async function call(z, { authData = {}, inputData }, entry, options = {}) {
  const { locationId = inputData.locationId, companyId } = authData
  const place = { locationId, companyId }
  const { method, address, body } = toRequest(catalogue, entry, { input: inputData, place })
  const isAgency = authData.locationId === undefined && companyId !== undefined
  const token =
    entry.token === 'location' && isAgency && locationId ? await locationToken(z, authData, locationId) : null
  return z.request({
    method,
    url: `${server()}${address}`,
    ...(body === undefined ? {} : { body }),
    ...(token === null ? {} : { headers: { Authorization: `Bearer ${token}` } }),
    ...options,
  })
}

/** What an entry answers, item by item; objects even where it answers texts. */
async function read(z, bundle, entry) {
  const { data } = await call(z, bundle, entry)
  return itemsOf(data, entry.items)
}

const toObject = (item) => (typeof item === 'object' ? item : { value: item })

module.exports = { call, catalogue, entryOf, read, refuse, refuseUnlessAsked, server, toObject, withHeaders }

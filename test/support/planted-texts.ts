import editors from '../../console/src/api/editors.json' with { type: 'json' }
import type { Actor } from './stories.ts'

/** A text that would take the page over if anything in it were read as HTML, with words that run from right to left. */
export const PLANTED = `<img src=x onerror="document.title='taken'"><script>document.title='taken'</script>\u202eשלום`

const FREE = /^(name|title|label|description|subject|body|text|message|html|content|placeholder|note|value|alt)$/i
type Json = string | number | boolean | null | Json[] | { [name: string]: Json }

/** The same with the planted text behind each text that people write, however deep. */
function planted(value: Json, name: string): Json {
  if (typeof value === 'string') return FREE.test(name) ? `${value} ${PLANTED}` : value
  if (Array.isArray(value)) return value.map((one) => planted(one, name))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, planted(one, key)]))
}

/**
 * Plants it in every asset of a location, field by field, by the operation that writes its kind; what a field does not
 * take (a name that must be short, a value from a list) stays as it was. The kinds it stands in now.
 */
export async function plantInAssets({ id: locationId, client }: Actor): Promise<Set<string>> {
  const kinds = new Set<string>()
  for (const [kind, { path, param, schema }] of Object.entries(editors)) {
    const list = await client.get(`/locations/${locationId}/assets?kind=${kind}&limit=100`)
    for (const { id } of (list.body.assets ?? []) as { id: string }[]) {
      const { document } = (await client.get(`/locations/${locationId}/assets/${kind}/${id}`)).body.asset
      for (const name of Object.keys(schema.properties)) {
        const [before, after] = [document[name], planted(document[name] ?? null, name)]
        if (before === undefined || JSON.stringify(before) === JSON.stringify(after)) continue
        const address = path.replace(':locationId', locationId).replace(`:${param}`, id)
        const { status } = await client.put(address, { [name]: after })
        if (status < 300) kinds.add(kind)
      }
    }
  }
  return kinds
}

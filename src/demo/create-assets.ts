import type { Tx } from '../db/pool.ts'
import type { Platform } from '../operations/platform.ts'
import { type AssetDocument, type AssetResource, createAsset, updateAsset } from '../store/assets/index.ts'
import type { DemoAsset } from './assets/asset.ts'

/** Writes the assets in their order, then what refers to later ones. */
export async function createDemoAssets(
  platform: Platform,
  tx: Tx,
  locationId: string,
  assets: readonly DemoAsset[],
): Promise<Map<string, string>> {
  const ids = new Map<string, string>([['location', locationId]])
  const kinds = [...platform.resources.keys()]
  // One millisecond apart, so that lists show them in this order.
  let atMs = platform.clock.nowMs() - assets.length * 2
  const scope = () => ({ tx, locationId, author: { actor: 'system', cause: 'demo', atMs: atMs++ }, kinds })
  for (const { kind, ref, document } of assets) {
    const created = await createAsset(scope(), resourceOf(platform, kind), resolve(document, ids) as AssetDocument)
    ids.set(`${kind}/${ref}`, created.id)
    for (const stage of (created.document.stages ?? []) as { id: string; name: string }[])
      ids.set(`${kind}/${ref}#${stage.name}`, stage.id)
  }
  for (const { kind, ref, later } of assets) {
    if (later === undefined) continue
    const changes = resolve(later, ids) as AssetDocument
    await updateAsset(scope(), resourceOf(platform, kind), ids.get(`${kind}/${ref}`) as string, ({ document }) => ({
      ...document,
      ...changes,
    }))
  }
  return ids
}

function resourceOf(platform: Platform, kind: string): AssetResource {
  const resource = platform.resources.get(kind)
  if (resource === undefined) throw new Error(`there is no kind ${kind}`)
  return resource
}

/** Puts ids in place of `@{kind/ref}`. */
function resolve(value: unknown, ids: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') {
    return value.replace(/@\{([^}]+)\}/g, (_, name) => {
      const id = ids.get(name)
      if (id === undefined) throw new Error(`the demo names ${name} before it exists`)
      return id
    })
  }
  if (Array.isArray(value)) return value.map((element) => resolve(element, ids))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, resolve(child, ids)]))
}

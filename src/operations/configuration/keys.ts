import { apart, toKey } from '../../resources/key-of-name.ts'
import { type AssetResource, listAssets, lockLocation, missingKeys } from '../../store/assets/index.ts'
import { naturalKey } from '../../store/natural-key.ts'
import type { Context } from '../define.ts'

/**
 * The key of a new field or value: as its name suggests, and with a suffix where one of another name has that already.
 * One of the same name is refused when the asset is stored.
 */
export async function chooseKey(
  ctx: Context,
  resource: AssetResource,
  name: string,
  toFull: (key: string) => string,
): Promise<string> {
  const key = toKey(name)
  const full = toFull(key)
  await lockLocation(ctx.tx, ctx.locationId)
  if ((await missingKeys(ctx.tx, ctx.locationId, resource.kind, [naturalKey(full)])).length > 0) return full
  const all = await listAssets(ctx.tx, resource, ctx.locationId)
  const other = all.find(({ document }) => naturalKey(String(document.fieldKey)) === naturalKey(full))
  const isAnother = other !== undefined && naturalKey(String(other.document.name)) !== naturalKey(name)
  return isAnother ? toFull(apart(key, name)) : full
}

import type { Input, Output } from '../../api/call.ts'
import { assetKey } from '../../parts/asset-list.tsx'

export type Place = Output<'snapshots.drift'>['drift'][number]

/** One asset of one sub-account, `key` as it stands in the address: `location/kind/lineage`. */
export interface Chosen {
  key: string
  place: Pick<Place, 'locationId' | 'locationName'>
  asset: Place['assets'][number]
}

/** What one push brings back: the same assets, of one version, everywhere it goes. */
export interface PushBack {
  version: number
  to: string[]
  /** As `kind/lineage`. */
  only: string[]
  chosen: Chosen[]
}

export const chosenKey = ({ locationId }: Pick<Place, 'locationId'>, asset: Place['assets'][number]): string =>
  `${locationId}/${assetKey(asset)}`

/** Of what has drifted: what is chosen. */
export const findChosen = (places: readonly Place[], keys: readonly string[]): Chosen[] =>
  places.flatMap((place) =>
    place.assets
      .map((asset) => ({ key: chosenKey(place, asset), place, asset }))
      .filter(({ key }) => keys.includes(key)),
  )

/**
 * The pushes that bring back what is chosen and nothing else. A push brings all of its assets to all of its
 * sub-accounts, so those go together of which the same is chosen, in the version that it differs from.
 */
export function toPushes(chosen: readonly Chosen[]): PushBack[] {
  const ofPlace = Map.groupBy(chosen, ({ place, asset }) => `${place.locationId} ${asset.version}`)
  const alike = Map.groupBy(ofPlace.values(), (some) =>
    [some[0]?.asset.version, ...some.map(({ asset }) => assetKey(asset)).sort()].join(' '),
  )
  return [...alike.values()]
    .map((places) => ({
      version: places[0]?.[0]?.asset.version ?? 0,
      to: places.flatMap(([first]) => (first === undefined ? [] : [first.place.locationId])),
      only: places[0]?.map(({ asset }) => assetKey(asset)) ?? [],
      chosen: places.flat(),
    }))
    .sort((one, other) => other.version - one.version)
}

/** As it is asked for: the snapshot's side of these assets, and of nothing else. */
export const toPushRequest = (snapshotId: string, { version, to, only }: PushBack): Input<'snapshots.push'> => ({
  snapshotId,
  version,
  locationIds: to,
  policy: 'override',
  only: only.map((key) => {
    const [kind = '', lineage = ''] = key.split('/')
    return { kind, lineage }
  }),
})

import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Fragment } from 'react'
import { reads } from '../../api/query.ts'
import { TextLink } from '../../parts/link-button.tsx'
import { versionText } from '../../parts/standing.ts'
import { texts } from './texts.ts'

const { standing: words } = texts

/** Which snapshots stand in a location, in which version, and what of other versions is among them. */
export function Standing({ locationId }: { locationId: string }) {
  const { data, error } = useQuery(reads('fleet.list', { query: locationId }))
  if (error) return null
  if (data === undefined) return <Skeleton h={16} w={180} />
  const held = data.locations.find((one) => one.locationId === locationId)?.snapshots ?? []
  if (held.length === 0) return words.nothing
  return held.map((one, index) => (
    <Fragment key={one.snapshotId}>
      {index > 0 && ' · '}
      <TextLink
        to={'/app/snapshots/$snapshotId' as never}
        params={{ snapshotId: one.snapshotId } as never}
        underline="always"
        dir="auto"
      >
        {one.name}
      </TextLink>{' '}
      {versionText(one)}
    </Fragment>
  ))
}

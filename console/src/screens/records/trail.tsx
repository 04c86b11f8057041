import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { reads } from '../../api/query.ts'
import { TextLink } from '../../parts/link-button.tsx'
import type { Kind } from './address.ts'
import { texts } from './texts.ts'

interface Props {
  locationId: string
  kind: Kind
  /** What is below the list. */
  children?: ReactNode
}

/** Where a record belongs: its sub-account, and the list of its kind. */
export function Trail({ locationId, kind, children }: Props) {
  const { data } = useQuery(reads('locations.get', { locationId }))
  return (
    <>
      <TextLink to={'/app/locations/$locationId' as never} params={{ locationId } as never} dir="auto">
        {data?.location.name ?? '…'}
      </TextLink>
      {' › '}
      <TextLink
        to={'/app/locations/$locationId/records' as never}
        params={{ locationId } as never}
        search={{ kind } as never}
      >
        {texts.kinds[kind]}
      </TextLink>
      {children && ' › '}
      {children}
    </>
  )
}

import { Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { reads } from '../../api/query.ts'
import { useAddress } from '../../parts/address.ts'
import { LinkButton, TextLink } from '../../parts/link-button.tsx'
import { Page } from '../../parts/page.tsx'
import { useRole } from '../../parts/role.ts'
import { Failure } from '../../parts/states.tsx'
import { locationAddress, TABS } from './address.ts'
import { Assets } from './assets.tsx'
import { Broken } from './broken.tsx'
import { Standing } from './standing.tsx'
import { texts } from './texts.ts'

export function Location() {
  const { locationId } = useParams({ strict: false }) as { locationId: string }
  const [{ tab = 'assets' }, change] = useAddress(locationAddress)
  const { data, error, refetch } = useQuery(reads('locations.get', { locationId }))
  const mayCapture = useRole('operator')
  const isAgency = useRole('viewer')
  const failure = error && <Failure error={error} onRetry={() => void refetch()} />
  if (failure && data === undefined) return failure
  return (
    <Page
      title={data?.location.name ?? '…'}
      trail={<TextLink to="/app/locations">{texts.title}</TextLink>}
      lead={isAgency && <Standing locationId={locationId} />}
      actions={
        <>
          {mayCapture && (
            <LinkButton
              variant="default"
              to={'/app/snapshots' as never}
              search={{ capture: true, from: locationId } as never}
            >
              {texts.capture}
            </LinkButton>
          )}
          <LinkButton
            variant="default"
            to={'/app/locations/$locationId/records' as never}
            params={{ locationId } as never}
          >
            {texts.records}
          </LinkButton>
        </>
      }
    >
      {failure}
      <Tabs
        value={tab}
        onChange={(next) => change({ tab: TABS.find((one) => one === next) }, 'push')}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="assets">{texts.assets}</Tabs.Tab>
          <Tabs.Tab value="broken">{texts.broken}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="assets">
          <Assets locationId={locationId} />
        </Tabs.Panel>
        <Tabs.Panel value="broken">
          <Broken locationId={locationId} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}

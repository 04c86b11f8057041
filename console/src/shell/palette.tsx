import '@mantine/spotlight/styles.css'
import { useDebouncedValue } from '@mantine/hooks'
import { createSpotlight, Spotlight, type SpotlightActionData } from '@mantine/spotlight'
import { IconBuildingStore, IconPackage } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { reads } from '../api/query.ts'
import { mayAct, type Session } from '../api/session.ts'
import { SCREENS } from '../screen.ts'
import { texts } from '../texts.ts'

const [store, spotlight] = createSpotlight()
const MOST_LOCATIONS = 7
const TYPING_MS = 150

/** Goes to any screen, sub-account or snapshot by its name. Loaded when it is first opened. */
export default function Palette({ session, onClose }: { session: Session; onClose: () => void }) {
  const navigate = useNavigate()
  const [query, setQuery] = useState('')
  const [asked] = useDebouncedValue(query.trim(), TYPING_MS)
  const locations = useQuery({
    ...reads('locations.search', { query: asked, limit: MOST_LOCATIONS }),
    enabled: asked !== '',
    placeholderData: keepPreviousData,
  })
  const isAgency = mayAct(session, 'viewer')
  const snapshots = useQuery({ ...reads('snapshots.list', {}), enabled: isAgency })
  useEffect(() => spotlight.open(), [])

  const go = (to: string) => () => void navigate({ to })
  const screens = SCREENS.flatMap(({ menu, role }): SpotlightActionData[] =>
    menu === undefined || !mayAct(session, role)
      ? []
      : [
          {
            id: menu.to,
            label: menu.label,
            description: menu.hint,
            leftSection: <menu.icon size={18} aria-hidden />,
            onClick: go(menu.to),
          },
        ],
  )
  const places = (asked === '' ? [] : (locations.data?.locations ?? [])).map(({ id, name }) => ({
    id: `location-${id}`,
    label: name,
    description: id,
    leftSection: <IconBuildingStore size={18} aria-hidden />,
    onClick: go(`/app/locations/${id}`),
  }))
  const captured = (snapshots.data?.snapshots ?? []).map(({ id, name, version }) => ({
    id: `snapshot-${id}`,
    label: name,
    description: texts.palette.version(version),
    leftSection: <IconPackage size={18} aria-hidden />,
    onClick: go(`/app/snapshots/${id}`),
  }))
  return (
    <Spotlight
      store={store}
      query={query}
      onQueryChange={setQuery}
      onSpotlightClose={onClose}
      shortcut={null}
      nothingFound={texts.palette.nothing}
      highlightQuery={false}
      scrollable
      maxHeight={420}
      searchProps={{ placeholder: texts.palette.placeholder, 'aria-label': texts.search }}
      actions={[
        { group: texts.palette.screens, actions: screens },
        { group: texts.palette.places, actions: places },
        { group: texts.palette.snapshots, actions: captured },
      ].filter(({ actions }) => actions.length > 0)}
    />
  )
}

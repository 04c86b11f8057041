import { Group, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { reads } from '../../api/query.ts'
import { LocationPicker } from '../../parts/location-picker.tsx'
import type { CompareState, Mode } from './address.ts'
import { useVersions } from './asked.ts'
import { texts } from './texts.ts'

interface Props {
  state: CompareState
  mode: Mode
  onChange: (patch: Partial<CompareState>) => void
}

/** What is compared with what. */
export function Chooser({ state, mode, onChange }: Props) {
  if (mode === 'locations') return <TwoLocations state={state} onChange={onChange} />
  return <OfSnapshot state={state} mode={mode} onChange={onChange} />
}

function OfSnapshot({ state, mode, onChange }: Props) {
  const { snapshot, version, location } = state
  const snapshots = useQuery(reads('snapshots.list', {}))
  const { versions, from, to } = useVersions(state)
  const options = versions.map((one) => ({
    value: String(one.version),
    label: `${one.version}${one.name ? ` · ${one.name}` : ''}`,
  }))
  const pick = (label: string, value: number | undefined, name: 'from' | 'to' | 'version') => (
    <Select
      label={label}
      w={170}
      data={options}
      allowDeselect={false}
      value={value === undefined ? null : String(value)}
      onChange={(next) => onChange({ [name]: Number(next), asset: undefined })}
    />
  )
  return (
    <Group gap="sm" align="flex-end">
      <Select
        label={texts.snapshot}
        w={220}
        searchable
        allowDeselect={false}
        data={(snapshots.data?.snapshots ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        value={snapshot ?? null}
        onChange={(id) =>
          onChange({ snapshot: id ?? undefined, from: undefined, to: undefined, version: undefined, asset: undefined })
        }
      />
      {snapshot !== undefined && mode === 'versions' && (
        <>
          {pick(texts.from, from, 'from')}
          {pick(texts.to, to, 'to')}
        </>
      )}
      {snapshot !== undefined && mode === 'location' && (
        <>
          {pick(texts.version, version ?? versions[0]?.version, 'version')}
          <LocationPicker
            label={texts.location}
            value={location ?? ''}
            onChange={(id) => onChange({ location: id || undefined, asset: undefined })}
          />
        </>
      )}
    </Group>
  )
}

function TwoLocations({ state: { locations: [first, second] = ['', ''] }, onChange }: Omit<Props, 'mode'>) {
  const set = (one: string, other: string) => onChange({ locations: [one, other], asset: undefined })
  return (
    <Group gap="sm" align="flex-end">
      <LocationPicker label={texts.first} value={first} onChange={(id) => set(id, second)} />
      <LocationPicker label={texts.second} value={second} onChange={(id) => set(first, id)} />
    </Group>
  )
}

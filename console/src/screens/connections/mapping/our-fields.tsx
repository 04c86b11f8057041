import { useQuery } from '@tanstack/react-query'
import { call } from '../../../api/call.ts'
import type { Whole } from '../standing.tsx'
import { fieldsOf, isNeeded } from '../words.ts'
import { FieldLine } from './field-line.tsx'
import type { Live } from './live.ts'
import type { Mapping, Origin } from './model.ts'
import type { Place } from './sample.ts'
import { SingleLive } from './single-live.tsx'

interface Props {
  connection: Whole
  mapping: Mapping
  onChange: (mapping: Mapping) => void
  /** The one that is shown, and all that are there. */
  item: unknown
  samples: readonly unknown[]
  places: readonly Place[]
  live: Live
  readOnly: boolean
}

/** Each of our fields, with what it is filled with. Those of contacts that somebody has made come last. */
export function OurFields({ connection, mapping, onChange, item, samples, places, live, readOnly }: Props) {
  const own = useOwnFields(connection, mapping)
  const all: (readonly [string, string])[] = [...Object.entries(fieldsOf(mapping.object)), ...own]
  // One that is gone, or has another name now, is still filled.
  const known = new Set(all.map(([to]) => to))
  const others = mapping.fields.filter(({ to }) => !known.has(to)).map(({ to }) => [to, to] as const)
  const set = (to: string, from: Origin | null) => {
    const old = mapping.fields.find((field) => field.to === to)
    const fields =
      from === null
        ? mapping.fields.filter((field) => field.to !== to)
        : old === undefined
          ? [...mapping.fields, { to, from }]
          : mapping.fields.map((field) => (field.to === to ? { ...field, from } : field))
    onChange({ ...mapping, fields })
  }
  return [...all, ...others].map(([to, label]) => {
    const field = mapping.fields.find((one) => one.to === to)
    const { to: _, from: origin = null, ...settings } = field ?? { from: null }
    return (
      <FieldLine
        key={to}
        label={label}
        required={isNeeded(mapping.object, to)}
        origin={origin}
        onChange={(from) => set(to, from)}
        value={live.valueAt(to)}
        fault={live.faultAt(to)}
        places={places}
        samples={samples}
        readOnly={readOnly}
        settings={settings as object}
        onSettings={(next) => {
          const fields = mapping.fields.map((one) => (one.to === to ? { to, from: one.from, ...next } : one))
          onChange({ ...mapping, fields })
        }}
        knowsNewest={mapping.changedAt !== undefined}
        live={field && <SingleLive connection={connection} item={item} mapping={mapping} field={field} />}
      />
    )
  })
}

function useOwnFields(connection: Whole, { object }: Mapping) {
  // Contacts are always of a sub-account.
  const locationId = connection.locationId ?? ''
  const { data } = useQuery({
    queryKey: ['customFields.list', locationId, 'contact'],
    queryFn: ({ signal }) => call('customFields.list', { locationId, model: 'contact' }, { signal, locationId }),
    enabled: object === 'contact',
    retry: false,
  })
  return (data?.customFields ?? [])
    .filter(({ documentType }) => documentType === 'field')
    .map(
      ({ name, fieldKey, id }) => [`customFields.${String(fieldKey ?? id).replace(/^contact\./, '')}`, name] as const,
    )
}

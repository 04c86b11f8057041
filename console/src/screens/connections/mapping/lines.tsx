import { Button, Checkbox, Group, Stack } from '@mantine/core'
import { Section } from '../section.tsx'
import { fieldsOf, isNeeded } from '../words.ts'
import { ConditionField } from './condition.tsx'
import { FieldLine } from './field-line.tsx'
import type { Live } from './live.ts'
import type { Lines, Mapping, Origin } from './model.ts'
import { PlaceField } from './place-field.tsx'
import { type Place, placesOf, valueAt } from './sample.ts'
import { texts } from './texts.ts'

const words = texts.lines

interface Props {
  mapping: Mapping
  onChange: (mapping: Mapping) => void
  item: unknown
  places: readonly Place[]
  live: Live
  readOnly: boolean
}

/** The lines of an invoice: where they stand, and what becomes of one. The places are those of a line. */
export function LineItems({ mapping, onChange, item, places, live, readOnly }: Props) {
  const { lines, ...rest } = mapping
  if (readOnly && lines === undefined) return null
  const set = (next: Lines | undefined) => onChange(next === undefined ? rest : { ...rest, lines: next })
  return (
    <Section title={words.title} isInner gap="xs">
      {!readOnly && (
        <Checkbox
          label={words.has}
          checked={lines !== undefined}
          onChange={(event) => set(event.currentTarget.checked ? begun(places) : undefined)}
        />
      )}
      {lines !== undefined && (
        <Whole lines={lines} onChange={set} item={item} places={places} live={live} readOnly={readOnly} />
      )}
    </Section>
  )
}

const begun = (places: readonly Place[]): Lines => ({
  from: places.find(({ isList }) => isList)?.path ?? '',
  key: null,
  fields: [{ to: 'name', from: { path: 'name' } }],
})

interface WholeProps extends Omit<Props, 'mapping' | 'onChange'> {
  lines: Lines
  onChange: (lines: Lines) => void
}

function Whole({ lines, onChange, item, places, live, readOnly }: WholeProps) {
  const list = [valueAt(item, lines.from)].flat().filter((line) => line !== undefined)
  const inLine = placesOf(list[0])
  const first = (live.row?.mapped as { lines?: { values: Record<string, unknown> }[] } | undefined)?.lines?.[0]
  const setField = (to: string, from: Origin | null) => {
    const known = lines.fields.find((field) => field.to === to)
    const others = lines.fields.filter((field) => field.to !== to)
    onChange({ ...lines, fields: from === null ? others : [...others, { ...known, to, from }] })
  }
  return (
    <Stack gap="sm">
      <PlaceField
        label={words.from}
        description={words.fromHint}
        ofLists
        places={places}
        value={lines.from}
        onChange={(path) => onChange({ ...lines, from: path ?? '' })}
        readOnly={readOnly}
      />
      {Object.entries(fieldsOf('line')).map(([to, label]) => {
        const field = lines.fields.find((one) => one.to === to)
        const { to: _, from: origin = null, ...settings } = field ?? { from: null }
        return (
          <FieldLine
            key={to}
            label={label}
            required={isNeeded('line', to)}
            origin={origin}
            onChange={(from) => setField(to, from)}
            value={first?.values[to]}
            fault={live.faultAt(`lines[0].${to}`)}
            places={inLine}
            samples={list}
            settings={settings as object}
            onSettings={(next) =>
              onChange({
                ...lines,
                fields: lines.fields.map((one) => (one.to === to ? { to, from: one.from, ...next } : one)),
              })
            }
            readOnly={readOnly}
          />
        )
      })}
      <FieldLine
        label={words.key}
        description={words.keyHint}
        origin={lines.key}
        onChange={(key) => onChange({ ...lines, key })}
        places={inLine}
        samples={list}
        readOnly={readOnly}
      />
      {lines.unless !== undefined && (
        <Stack gap={4} role="group" aria-label={words.unless}>
          <ConditionField
            when={lines.unless}
            onChange={(unless) => onChange({ ...lines, unless })}
            places={inLine}
            readOnly={readOnly}
          />
        </Stack>
      )}
      {!readOnly && (
        <Group>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              const { unless, ...others } = lines
              onChange(unless === undefined ? { ...lines, unless: { path: '', is: 'equal', value: '' } } : others)
            }}
          >
            {lines.unless === undefined ? words.addUnless : words.removeUnless}
          </Button>
        </Group>
      )}
    </Stack>
  )
}

import { Button, Select, SimpleGrid, Stack, Title } from '@mantine/core'
import { useMayWork } from '../../../parts/role.ts'
import { Failure } from '../../../parts/states.tsx'
import { Changes } from '../changes.tsx'
import classes from '../connections.module.css'
import { SaveBar } from '../save-bar.tsx'
import { Section } from '../section.tsx'
import type { Whole } from '../standing.tsx'
import type { Draft } from '../use-draft.ts'
import { FieldLine } from './field-line.tsx'
import { Filters } from './filters.tsx'
import { Keys } from './keys.tsx'
import { LineItems } from './lines.tsx'
import { useLive } from './live.ts'
import type { Mapping } from './model.ts'
import { OurFields } from './our-fields.tsx'
import { placesOf } from './sample.ts'
import { Tree, useSamples } from './samples.tsx'
import { texts } from './texts.ts'

interface Props {
  connection: Whole
  draft: Draft
  /** Looks at the file again that was looked at before; undefined: there is none. */
  onLook: (() => void) | undefined
}

/** What of another program's items becomes which of our fields: a live sample at the left, our fields at the right. */
export function MappingEditor({ connection, draft, onLook }: Props) {
  const readOnly = !useMayWork()
  const { mapping } = draft.definition
  const { item, items, shown } = useSamples(connection)
  const places = placesOf(item)
  const live = useLive(connection, item, draft.definition)
  const common = { places, samples: items, readOnly }
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
        <Stack component="section" gap="sm" aria-label={texts.sample} className={classes.beside}>
          <Title order={2} size="h4">
            {texts.sample}
          </Title>
          {shown}
          <Tree places={places} />
          <Would live={live} mapping={mapping} hasSample={item !== undefined} />
        </Stack>
        <Section title={texts.fields} hint={texts.lead}>
          <FieldLine
            label={texts.id}
            description={texts.idHint}
            origin={mapping.externalId}
            onChange={(externalId) => draft.setMapping({ ...mapping, externalId })}
            value={live.row?.externalId}
            fault={live.faultAt('externalId')}
            {...common}
          />
          <OurFields
            connection={connection}
            mapping={mapping}
            onChange={draft.setMapping}
            item={item}
            live={live}
            {...common}
          />
          {mapping.object === 'invoice' && (
            <LineItems
              mapping={mapping}
              onChange={draft.setMapping}
              item={item}
              places={places}
              live={live}
              readOnly={readOnly}
            />
          )}
          <Filters mapping={mapping} onChange={draft.setMapping} places={places} readOnly={readOnly} />
          <Keys mapping={mapping} onChange={draft.setMapping} readOnly={readOnly} />
          <Both mapping={mapping} onChange={draft.setMapping} {...common} />
        </Section>
      </SimpleGrid>
      {!readOnly && (
        <SaveBar draft={draft}>
          <Button loading={draft.isSaving} variant={draft.isDirty ? 'filled' : 'default'} onClick={() => draft.save()}>
            {texts.save}
          </Button>
          {onLook !== undefined && !draft.isDirty && <Button onClick={onLook}>{texts.look}</Button>}
        </SaveBar>
      )}
    </Stack>
  )
}

/** Who has the last word where both sides changed something, and how it is known when theirs did. */
function Both({
  mapping,
  onChange,
  ...common
}: {
  mapping: Mapping
  onChange: (mapping: Mapping) => void
} & Pick<Parameters<typeof FieldLine>[0], 'places' | 'samples' | 'readOnly'>) {
  const { changedAt = null, ...rest } = mapping
  return (
    <>
      <Select
        label={texts.conflicts}
        data={Object.entries(texts.conflictWords)
          // Which is the newest must be known.
          .filter(([value]) => value !== 'newest' || changedAt !== null)
          .map(([value, label]) => ({ value, label }))}
        allowDeselect={false}
        readOnly={common.readOnly}
        value={mapping.conflicts}
        onChange={(next) => next && onChange({ ...mapping, conflicts: next as Mapping['conflicts'] })}
      />
      <FieldLine
        label={texts.changedAt}
        description={texts.changedAtHint}
        origin={changedAt}
        onChange={(origin) => onChange(origin === null ? withoutNewest(rest) : { ...rest, changedAt: origin })}
        {...common}
      />
    </>
  )
}

/** Nobody knows any more which is the newest. */
const withoutNewest = ({ conflicts, fields, ...rest }: Omit<Mapping, 'changedAt'>): Mapping => ({
  ...rest,
  conflicts: conflicts === 'newest' ? 'source' : conflicts,
  fields: fields.map(({ conflicts: own, ...field }) =>
    own === undefined || own === 'newest' ? field : { ...field, conflicts: own },
  ),
})

interface WouldProps {
  live: ReturnType<typeof useLive>
  mapping: Mapping
  hasSample: boolean
}

/** What would become of the sample now. */
function Would({ live, mapping, hasSample }: WouldProps) {
  return (
    <Section title={texts.would} hint={hasSample ? texts.wouldHint : texts.wouldNothing} gap="xs" isLive>
      {live.error !== null && <Failure error={live.error} title={texts.saveFault} />}
      {live.row && <Changes row={live.row} object={mapping.object} />}
    </Section>
  )
}

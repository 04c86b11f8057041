import { Code, Select, Stack, TagsInput, Text, Textarea, TextInput } from '@mantine/core'
import { LookupTable } from './lookup-table.tsx'
import { KINDS, kindOf, type Origin, toKind } from './model.ts'
import { PlaceField } from './place-field.tsx'
import { type Place, valueAt } from './sample.ts'
import { texts } from './texts.ts'

const words = texts.origin

interface Props {
  /** Null: nothing. */
  origin: Origin | null
  onChange: (origin: Origin | null) => void
  places: readonly Place[]
  samples: readonly unknown[]
}

/** Where a value comes from, in each of the ways that there are. */
export function OriginEditor({ origin, onChange, places, samples }: Props) {
  const kind = origin === null ? 'nothing' : kindOf(origin)
  return (
    <Stack gap="sm">
      <Select
        label={words.from}
        allowDeselect={false}
        data={[
          { value: 'nothing', label: texts.nothing },
          ...KINDS.map((one) => ({ value: one as string, label: words.kinds[one] })),
        ]}
        value={kind}
        onChange={(next) => {
          const wanted = KINDS.find((one) => one === next)
          if (next !== kind) onChange(wanted === undefined ? null : toKind(wanted, origin))
        }}
      />
      {origin !== null && 'path' in origin && (
        <PlaceField
          label={words.place}
          places={places}
          value={origin.path}
          onChange={(path) => onChange({ path: path ?? '' })}
        />
      )}
      {origin !== null && 'paths' in origin && (
        <TagsInput
          label={words.places}
          description={words.placesHint}
          // Names of columns may hold commas.
          splitChars={[]}
          data={places.filter(({ example }) => example !== undefined).map(({ path }) => path)}
          value={origin.paths}
          onChange={(paths) => onChange({ paths })}
        />
      )}
      {origin !== null && 'value' in origin && (
        <TextInput
          label={words.value}
          value={String(origin.value)}
          onChange={(event) => onChange({ value: event.currentTarget.value })}
        />
      )}
      {origin !== null && 'lookup' in origin && (
        <>
          <PlaceField
            label={words.place}
            places={places}
            value={origin.lookup.path}
            onChange={(path) => onChange({ lookup: { ...origin.lookup, path: path ?? '' } })}
          />
          <LookupTable
            lookup={origin.lookup}
            onChange={(lookup) => onChange({ lookup })}
            came={wordsAt(samples, origin.lookup.path)}
          />
        </>
      )}
      {origin !== null && 'expression' in origin && (
        <Expression value={origin.expression} onChange={(expression) => onChange({ expression })} />
      )}
    </Stack>
  )
}

/** The different words that stand at a place of what came. */
const wordsAt = (samples: readonly unknown[], path: string): string[] => [
  ...new Set(
    samples
      .flatMap((sample) => valueAt(sample, path))
      .filter((value) => ['string', 'number', 'boolean'].includes(typeof value))
      .map((value) => String(value).trim())
      .filter(Boolean),
  ),
]

interface ExpressionProps {
  value: string
  onChange: (next: string) => void
  readOnly?: boolean
}

/** An expression, with what is most often needed of the language. */
export function Expression({ value, onChange, readOnly = false }: ExpressionProps) {
  return (
    <Stack gap={4}>
      <Textarea
        label={words.expression}
        description={words.expressionHint}
        autosize
        minRows={2}
        maxRows={10}
        dir="ltr"
        spellCheck={false}
        readOnly={readOnly}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <Stack gap={2} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        {words.examples.map(([example, what]) => (
          <Text key={example} component="li" size="xs" c="dimmed">
            <Code>{example}</Code> {what}
          </Text>
        ))}
      </Stack>
    </Stack>
  )
}

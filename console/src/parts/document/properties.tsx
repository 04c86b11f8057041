import { Group, Select, Stack } from '@mantine/core'
import { blankOf, type Doc, type Editor, type Schema } from './editors.ts'
import { Field } from './field.tsx'
import { useForm } from './form.ts'
import { labelOf } from './labels.ts'
import { texts } from './texts.ts'

interface Props {
  schema: Schema
  /** Where the object stands; '' is the document itself. */
  path: string
  value: Doc
  onChange: (value: Doc) => void
  /** Shown elsewhere. */
  without?: readonly string[]
}

/** What is usual comes first, in its order. */
const placeIn = ({ usual = [] }: Editor, name: string) => (usual.includes(name) ? usual.indexOf(name) : usual.length)

/** The fields of an object: those that are set or must be, and a way to the others. */
export function Properties({ schema, path, value, onChange, without = [] }: Props) {
  const { readOnly, editor } = useForm()
  const place = editor.positions[path.replace(/\[\]$/, '')]
  const isPart = editor.parts.includes(path.replace(/\[\]$/, ''))
  const hidden = new Set([...without, ...(isPart ? ['id'] : []), ...(place === undefined ? [] : [place])])
  const given = Object.entries(schema.properties ?? {}).filter(([name]) => !hidden.has(name))
  const all = path === '' ? given.sort(([one], [other]) => placeIn(editor, one) - placeIn(editor, other)) : given
  const usual = new Set(path === '' ? editor.usual : [])
  const isShown = (name: string) => value[name] !== undefined || usual.has(name) || schema.required?.includes(name)
  const others = all.filter(([name]) => !isShown(name)).map(([name]) => ({ value: name, label: labelOf(name) }))
  const set = (name: string, next: unknown) => {
    const { [name]: _, ...rest } = value
    onChange(next === undefined ? rest : { ...rest, [name]: next })
  }
  return (
    <Stack gap="sm">
      {all
        .filter(([name]) => isShown(name))
        .map(([name, one]) => (
          <Field
            key={name}
            name={name}
            path={path === '' ? name : `${path}.${name}`}
            schema={one}
            value={value[name]}
            onChange={(next) => set(name, next)}
            required={schema.required?.includes(name) ?? false}
            siblings={value}
          />
        ))}
      {!readOnly && others.length > 0 && (
        <Group>
          <Select
            size="xs"
            w={220}
            searchable
            placeholder={texts.addField}
            aria-label={texts.addField}
            value={null}
            data={others}
            onChange={(name) => name !== null && set(name, blankOf(schema.properties?.[name] ?? {}))}
          />
        </Group>
      )}
    </Stack>
  )
}

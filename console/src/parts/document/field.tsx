import { Fieldset, JsonInput, NumberInput, Select, Switch, TagsInput, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Aimed } from './aimed.tsx'
import { type Doc, isDoc, type Schema } from './editors.ts'
import { brokenIn, useForm } from './form.ts'
import { ItemList } from './item-list.tsx'
import { labelOf } from './labels.ts'
import { MomentField } from './moment-field.tsx'
import { Properties } from './properties.tsx'
import { RecordField } from './record-field.tsx'
import { missingText, PartField, ReferenceField, ReferencesField } from './reference-field.tsx'
import { texts } from './texts.ts'

/** Beyond it a text gets more than one line. */
const LINE = 1000

export interface FieldProps {
  name: string
  /** Where it stands, as `fields[].label`. */
  path: string
  schema: Schema
  value: unknown
  /** `undefined` takes it out. */
  onChange: (value: unknown) => void
  required: boolean
  /** The object it is a field of. */
  siblings: Doc
}

/** One field of a document, by what its schema says it holds. */
export function Field(props: FieldProps) {
  return (
    <Aimed value={props.value}>
      <OfKind {...props} />
    </Aimed>
  )
}

function OfKind(props: FieldProps) {
  const { path, value, onChange, name, siblings, required } = props
  const { editor } = useForm()
  const label = labelOf(name)
  const kind = editor.refs[path]
  if (kind === 'contacts' || kind === 'users')
    return <RecordField {...{ kind, label, onChange, required }} value={textOf(value)} />
  if (editor.moments?.includes(path)) return <MomentField {...{ label, onChange, required }} value={textOf(value)} />
  if (kind !== undefined) return <ReferenceField {...{ kind, label, onChange }} value={textOf(value)} />
  const several = editor.refs[`${path}[]`]
  if (several !== undefined)
    return <ReferencesField {...{ label, onChange }} kind={several} value={(value ?? []) as string[]} />
  const holder = editor.partRefs[path]
  if (holder !== undefined) {
    const prefix = path.slice(0, path.lastIndexOf('.') + 1)
    const beside = Object.entries(editor.refs).flatMap(([at, of]) =>
      at.startsWith(prefix) && /^\w+$/.test(at.slice(prefix.length)) ? [[at.slice(prefix.length), of]] : [],
    )
    return (
      <PartField
        {...{ label, onChange, siblings }}
        kind={holder}
        names={Object.fromEntries(beside)}
        value={value as string | null}
      />
    )
  }
  return <Plain {...props} label={label} />
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined)

function Plain({ name, path, schema: given, value, onChange, required, label }: FieldProps & { label: string }) {
  const { readOnly, broken } = useForm()
  const schema = given.anyOf?.[0] ?? given
  const gone = typeof value === 'object' ? [] : brokenIn(value, broken)
  const error = gone.length > 0 && missingText(gone, broken)
  const common = { label, description: schema.description, readOnly, withAsterisk: required, error }
  if (schema.enum)
    return (
      <Select
        {...common}
        value={value === undefined ? null : String(value)}
        allowDeselect={!required}
        onChange={(next) => onChange(schema.enum?.find((one) => String(one) === next))}
        data={schema.enum.map((one) => ({ value: String(one), label: labelOf(String(one)) }))}
      />
    )
  if (schema.type === 'boolean')
    return (
      <Switch
        label={label}
        description={schema.description}
        disabled={readOnly}
        checked={value === true}
        onChange={(event) => onChange(event.currentTarget.checked)}
        py={6}
      />
    )
  if (schema.type === 'number' || schema.type === 'integer')
    return (
      <NumberInput
        {...common}
        value={typeof value === 'number' ? value : ''}
        onChange={(next) => onChange(typeof next === 'number' ? next : undefined)}
        {...(schema.minimum === undefined ? {} : { min: schema.minimum })}
        {...(schema.maximum === undefined ? {} : { max: schema.maximum })}
        allowDecimal={schema.type !== 'integer'}
      />
    )
  if (schema.type === 'array' && schema.items?.type === 'string')
    return <TagsInput {...common} value={(value ?? []) as string[]} onChange={onChange} splitChars={[]} />
  if (schema.type === 'array' && schema.items?.type === 'object')
    return <ItemList {...{ name, path, label, onChange }} schema={schema.items} value={(value ?? []) as Doc[]} />
  if (schema.type === 'object' && schema.properties !== undefined)
    return (
      <Fieldset legend={label} radius="md">
        <Properties schema={schema} path={path} value={isDoc(value) ? value : {}} onChange={onChange} />
      </Fieldset>
    )
  if (schema.type === 'string') return <TextOf {...{ common, schema, value, onChange }} />
  return <FreeField {...common} value={value} onChange={onChange} />
}

interface TextProps {
  common: object
  schema: Schema
  value: unknown
  onChange: (value: string) => void
}

function TextOf({ common, schema, value, onChange }: TextProps) {
  const props = { ...common, dir: 'auto', value: typeof value === 'string' ? value : '' } as const
  return (schema.maxLength ?? 0) > LINE ? (
    <Textarea {...props} autosize minRows={2} maxRows={14} onChange={(event) => onChange(event.currentTarget.value)} />
  ) : (
    <TextInput {...props} onChange={(event) => onChange(event.currentTarget.value)} />
  )
}

/** What has no shape of its own, as JSON; it is taken over while it can be read. */
function FreeField({ value, onChange, ...common }: { label: string; value: unknown; onChange: (v: unknown) => void }) {
  const [text, setText] = useState(() => (value === undefined ? '' : JSON.stringify(value, null, 2)))
  const write = (next: string) => {
    setText(next)
    try {
      onChange(next.trim() === '' ? undefined : JSON.parse(next))
    } catch {
      // It is being typed: the field says so itself.
    }
  }
  return (
    <JsonInput
      {...common}
      value={text}
      onChange={write}
      autosize
      minRows={2}
      maxRows={14}
      validationError={texts.noJson}
    />
  )
}

import { Fieldset, MultiSelect, NumberInput, Select, Stack, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { call, type Output } from '../../api/call.ts'
import { texts } from './texts.ts'

type CustomField = Output<'customFields.list'>['customFields'][number]
type Value = Record<string, unknown> & { id?: unknown }

const words = texts.form
const NUMBERS = ['NUMERICAL', 'MONETORY']
const SEVERAL = ['CHECKBOX', 'MULTIPLE_OPTIONS']
const ONE_OF = ['SINGLE_OPTIONS', 'RADIO']
/** What brings files is written where these are uploaded. */
const FILES = ['FILE_UPLOAD', 'SIGNATURE']

interface Props {
  locationId: string
  model: 'contact' | 'opportunity'
  value: readonly Value[]
  onChange: (value: Value[]) => void
}

/** What the sub-account wants to know beyond the usual, each by its name and in its kind of field. */
export function CustomFields({ locationId, model, value, onChange }: Props) {
  const { data } = useQuery({
    queryKey: ['customFields.list', locationId, model],
    queryFn: ({ signal }) => call('customFields.list', { locationId, model }, { signal, locationId }),
    retry: false,
  })
  const fields = (data?.customFields ?? []).filter(
    ({ documentType, dataType }) => documentType === 'field' && !FILES.includes(dataType),
  )
  if (fields.length === 0) return null
  const name = model === 'contact' ? 'value' : 'fieldValue'
  const set = (id: string, next: unknown) =>
    onChange([...value.filter((one) => one.id !== id), { id, [name]: next ?? '' }])
  return (
    <Fieldset legend={words.custom} radius="md">
      <Stack gap="sm">
        {fields.map((field) => (
          <CustomField
            key={field.id}
            field={field}
            value={value.find(({ id }) => id === field.id)?.[name]}
            onChange={(next) => set(field.id, next)}
          />
        ))}
      </Stack>
    </Fieldset>
  )
}

interface FieldProps {
  field: CustomField
  value: unknown
  onChange: (value: unknown) => void
}

function CustomField({ field: { name, dataType, picklistOptions = [], placeholder }, value, onChange }: FieldProps) {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  const common = { label: name, placeholder }
  if (SEVERAL.includes(dataType)) {
    const chosen = Array.isArray(value) ? value.map(String) : text === '' ? [] : [text]
    const options = [...new Set([...picklistOptions, ...chosen])]
    return <MultiSelect {...common} data={options} value={chosen} onChange={onChange} />
  }
  if (ONE_OF.includes(dataType)) {
    const options = [...new Set([...picklistOptions, ...(text === '' ? [] : [text])])]
    return <Select {...common} data={options} clearable value={text || null} onChange={onChange} />
  }
  if (NUMBERS.includes(dataType))
    return <NumberInput {...common} value={text} onChange={(next) => onChange(next === '' ? '' : Number(next))} />
  if (dataType === 'LARGE_TEXT')
    return <Textarea {...common} autosize minRows={2} value={text} onChange={(event) => onChange(event.target.value)} />
  return (
    <TextInput
      {...common}
      dir="auto"
      type={dataType === 'DATE' ? 'date' : 'text'}
      value={dataType === 'DATE' ? text.slice(0, 10) : text}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

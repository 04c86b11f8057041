import { withTheme } from '@rjsf/core'
import { Theme } from '@rjsf/mantine'
import type { RJSFSchema, UiSchema } from '@rjsf/utils'
import type { ReactNode } from 'react'
import type { Schema } from './entries.ts'
import validator from './validator.ts'

type Values = Record<string, unknown>

const Form = withTheme<Values, RJSFSchema>(Theme as never)

/** The button belongs to whoever shows the form. */
const UI: UiSchema<Values, RJSFSchema> = { 'ui:submitButtonOptions': { norender: true } }

interface Props {
  id: string
  schema: Schema
  values: Values
  onChange: (values: Values) => void
  onSubmit: (values: Values) => void
  children?: ReactNode
}

/** A form for any operation, from the schema of its input. */
export function SchemaForm({ id, schema, values, onChange, onSubmit, children }: Props) {
  return (
    <Form
      id={id}
      idPrefix={id}
      schema={schema as RJSFSchema}
      uiSchema={UI}
      formData={values}
      validator={validator}
      onChange={({ formData }) => onChange(formData ?? {})}
      onSubmit={({ formData }) => onSubmit(formData ?? {})}
      showErrorList={false}
      noHtml5Validate
      experimental_defaultFormStateBehavior={{
        emptyObjectFields: 'skipDefaults',
        arrayMinItems: { populate: 'never' },
      }}
    >
      {children}
    </Form>
  )
}

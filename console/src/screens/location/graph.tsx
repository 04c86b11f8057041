import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useMemo } from 'react'
import { useAddress } from '../../parts/address.ts'
import type { Doc, Schema } from '../../parts/document/editors.ts'
import { useForm } from '../../parts/document/form.ts'
import { labelOf } from '../../parts/document/labels.ts'
import { Properties } from '../../parts/document/properties.tsx'
import { Flow } from '../../parts/graph/flow.tsx'
import { edgesOf, nodesOf, stepsOf, TRIGGER, WORDS } from '../../parts/graph/model.ts'
import { assetAddress } from './address.ts'
import { addAfter, removeStep } from './graph-model.ts'
import classes from './location.module.css'
import { texts } from './texts.ts'

const { graph: words } = texts

/** A workflow as it runs: chosen by click or key, each step is changed beside the graph. */
export function WorkflowGraph({ document, onChange }: { document: Doc; onChange: (document: Doc) => void }) {
  const { readOnly, editor } = useForm()
  const [{ step: chosen }, change] = useAddress(assetAddress)
  const nodes = useMemo(() => nodesOf(document), [document])
  const edges = useMemo(() => edgesOf(document), [document])
  const step = stepsOf(document).find(({ id }) => id === chosen)
  const schema = editor.schema.properties ?? {}
  const add = (after: string) => {
    const { document: next, id } = addAfter(document, after)
    onChange(next)
    change({ step: id })
  }
  return (
    <div className={classes.halves}>
      <Flow label={words.label} nodes={nodes} edges={edges} chosen={chosen} onChoose={(id) => change({ step: id })} />
      <Stack gap="sm" style={{ minWidth: 0 }}>
        {chosen === TRIGGER ? (
          <>
            <Title order={2} size="h5">
              {WORDS.trigger}
            </Title>
            <Properties
              schema={schema.trigger ?? {}}
              path="trigger"
              value={(document.trigger ?? {}) as Doc}
              onChange={(trigger) => onChange({ ...document, trigger })}
            />
          </>
        ) : step === undefined ? (
          <Text c="dimmed" size="sm">
            {words.none}
          </Text>
        ) : (
          <>
            <Title order={2} size="h5" dir="auto">
              {String(step.name ?? labelOf(String(step.type)))}
            </Title>
            <Properties
              key={chosen}
              schema={schema.steps?.items as Schema}
              path="steps[]"
              value={step}
              onChange={(next) =>
                onChange({ ...document, steps: stepsOf(document).map((one) => (one.id === chosen ? next : one)) })
              }
            />
          </>
        )}
        {!readOnly && chosen !== undefined && (
          <Group gap="xs">
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPlus size={14} aria-hidden />}
              onClick={() => add(chosen)}
            >
              {chosen === TRIGGER ? words.addFirst : words.addAfter}
            </Button>
            {step !== undefined && (
              <Button
                size="xs"
                variant="default"
                leftSection={<IconTrash size={14} aria-hidden />}
                onClick={() => {
                  onChange(removeStep(document, String(step.id)))
                  change({ step: undefined })
                }}
              >
                {words.remove}
              </Button>
            )}
          </Group>
        )}
      </Stack>
    </div>
  )
}

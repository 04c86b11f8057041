import { closestCenter, DndContext, PointerSensor, useSensor, useSensors } from '@dnd-kit/core'
import { arrayMove, SortableContext, useSortable, verticalListSortingStrategy } from '@dnd-kit/sortable'
import { CSS } from '@dnd-kit/utilities'
import { ActionIcon, Button, Collapse, Group, Input, Text, UnstyledButton, VisuallyHidden } from '@mantine/core'
import {
  IconArrowDown,
  IconArrowUp,
  IconChevronRight,
  IconGripVertical,
  IconPlus,
  IconTrash,
} from '@tabler/icons-react'
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react'
import { counted } from '../push-words.ts'
import classes from './document.module.css'
import { blankOf, type Doc, type Schema, titleOf } from './editors.ts'
import { brokenIn, useForm } from './form.ts'
import { labelOf } from './labels.ts'
import { Properties } from './properties.tsx'
import { texts } from './texts.ts'

interface Props {
  name: string
  path: string
  label: string
  /** Of one element. */
  schema: Schema
  value: readonly Doc[]
  onChange: (value: Doc[]) => void
}

/** Elements in an order of their own: moved by dragging, by buttons, or by the arrow keys on their handle. */
export function ItemList({ path, label, schema, value, onChange }: Props) {
  const { readOnly, editor, broken, aim } = useForm()
  const { keys, move: moveKey, add: addKey, remove: removeKey } = useKeys(value.length)
  const [open, setOpen] = useState<ReadonlySet<string>>(
    () => new Set(keys.filter((_, index) => aim && JSON.stringify(value[index]).includes(aim.value))),
  )
  const [told, say] = useState('')
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 4 } }))
  const place = editor.positions[path]
  const tell = (next: readonly Doc[]) =>
    onChange(place === undefined ? [...next] : next.map((one, index) => ({ ...one, [place]: index })))
  const move = (from: number, to: number) => {
    if (to < 0 || to >= value.length || from === to) return
    moveKey(from, to)
    say(texts.moved(titleOf(value[from]) || label, to + 1, value.length))
    tell(arrayMove([...value], from, to))
  }
  const toggle = (key: string) =>
    setOpen((old) => (old.has(key) ? new Set([...old].filter((one) => one !== key)) : new Set(old).add(key)))
  const add = () => {
    toggle(addKey())
    tell([...value, blankOf(schema) as Doc])
  }
  const remove = (index: number) => {
    removeKey(index)
    tell(value.filter((_, at) => at !== index))
  }
  return (
    <Input.Wrapper label={label} component="fieldset" className={classes.list}>
      <VisuallyHidden role="status">{told}</VisuallyHidden>
      <DndContext
        accessibility={{ screenReaderInstructions: { draggable: texts.howToMove } }}
        sensors={sensors}
        collisionDetection={closestCenter}
        onDragEnd={({ active, over }) => over && move(keys.indexOf(String(active.id)), keys.indexOf(String(over.id)))}
      >
        <SortableContext items={[...keys]} strategy={verticalListSortingStrategy} disabled={readOnly}>
          <ol className={classes.items}>
            {value.map((one, index) => {
              const key = keys[index] ?? String(index)
              return (
                <Item
                  key={key}
                  id={key}
                  title={titleOf(one) || `${label} ${index + 1}`}
                  note={noteOf(one)}
                  broken={brokenIn(one, broken).length}
                  isOpen={open.has(key)}
                  onToggle={() => toggle(key)}
                  onMove={(step) => move(index, index + step)}
                  onRemove={() => remove(index)}
                  readOnly={readOnly}
                >
                  <Properties
                    schema={schema}
                    path={`${path}[]`}
                    value={one}
                    onChange={(next) => tell(value.map((other, at) => (at === index ? next : other)))}
                  />
                </Item>
              )
            })}
          </ol>
        </SortableContext>
      </DndContext>
      {!readOnly && (
        <Button variant="default" size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={add}>
          {texts.addTo(label)}
        </Button>
      )}
    </Input.Wrapper>
  )
}

/** A second word on an element, where its title does not say it. */
const noteOf = ({ type, ...one }: Doc) => (typeof type === 'string' && titleOf(one) !== '' ? labelOf(type) : undefined)

/** Elements have no key that lasts while they are edited: they are told apart by where they began. */
function useKeys(count: number) {
  const keys = useRef<string[]>([])
  const next = useRef(0)
  const fresh = () => `item-${next.current++}`
  while (keys.current.length < count) keys.current.push(fresh())
  keys.current.length = count
  return {
    keys: keys.current as readonly string[],
    move: (from: number, to: number) => {
      keys.current = arrayMove(keys.current, from, to)
    },
    add: () => {
      const key = fresh()
      keys.current = [...keys.current, key]
      return key
    },
    remove: (index: number) => {
      keys.current = keys.current.filter((_, at) => at !== index)
    },
  }
}

interface ItemProps {
  id: string
  title: string
  note: string | undefined
  /** How much of what it names is not there. */
  broken: number
  isOpen: boolean
  onToggle: () => void
  onMove: (step: number) => void
  onRemove: () => void
  readOnly: boolean
  children: ReactNode
}

function Item({ id, title, note, broken, isOpen, onToggle, onMove, onRemove, readOnly, children }: ItemProps) {
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({
    id,
  })
  const style = { transform: CSS.Translate.toString(transform), transition, opacity: isDragging ? 0.6 : 1 }
  const byKey = (event: KeyboardEvent<HTMLButtonElement>) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const handle = event.currentTarget
    onMove(step)
    // What is put elsewhere in the page loses the focus.
    requestAnimationFrame(() => handle.focus())
  }
  const act = { variant: 'subtle', color: 'gray', size: 'md' } as const
  return (
    <li ref={setNodeRef} style={style} className={classes.item}>
      <Group gap={4} wrap="nowrap" className={classes.head}>
        {!readOnly && (
          <ActionIcon
            {...act}
            {...attributes}
            {...listeners}
            ref={setActivatorNodeRef}
            aria-label={texts.move(title)}
            onKeyDown={byKey}
          >
            <IconGripVertical size={16} aria-hidden />
          </ActionIcon>
        )}
        <UnstyledButton onClick={onToggle} aria-expanded={isOpen} className={classes.title}>
          <IconChevronRight size={14} aria-hidden style={{ transform: isOpen ? 'rotate(90deg)' : 'none' }} />
          <span className="one-line" dir="auto">
            {title}
          </span>
          {note && (
            <Text span size="xs" c="dimmed" className="one-line">
              {note}
            </Text>
          )}
          {broken > 0 && (
            <Text span size="xs" c="var(--tone-bad)" fw={600} className="one-line">
              {counted(broken, 'broken reference')}
            </Text>
          )}
        </UnstyledButton>
        {!readOnly && (
          <>
            <ActionIcon {...act} onClick={() => onMove(-1)} aria-label={texts.moveUp(title)}>
              <IconArrowUp size={16} aria-hidden />
            </ActionIcon>
            <ActionIcon {...act} onClick={() => onMove(1)} aria-label={texts.moveDown(title)}>
              <IconArrowDown size={16} aria-hidden />
            </ActionIcon>
            <ActionIcon {...act} onClick={onRemove} aria-label={texts.remove(title)}>
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </>
        )}
      </Group>
      <Collapse expanded={isOpen} className={classes.body}>
        {isOpen && children}
      </Collapse>
    </li>
  )
}

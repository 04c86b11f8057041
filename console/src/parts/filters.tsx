import { Chip, Group } from '@mantine/core'

interface Option {
  value: string
  label: string
  count?: number
}

interface Props {
  label: string
  /** What stands for no filter. */
  all: string
  value: string | undefined
  onChange: (value: string | undefined) => void
  options: readonly Option[]
}

/** One of a few filters, each with how many it leaves. Those that leave nothing are not offered. */
export function Filters({ label, all, value, onChange, options }: Props) {
  const offered = options.filter((option) => option.count !== 0 || option.value === value)
  return (
    <Chip.Group value={value ?? ''} onChange={(next) => onChange(next === '' ? undefined : String(next))}>
      <Group gap={6} role="group" aria-label={label}>
        <Chip value="" size="xs" variant="outline">
          {all}
        </Chip>
        {offered.map((option) => (
          <Chip key={option.value} value={option.value} size="xs" variant="outline">
            {option.label}
            {option.count !== undefined && ` ${option.count.toLocaleString('en')}`}
          </Chip>
        ))}
      </Group>
    </Chip.Group>
  )
}

import { Chip } from '@mantine/core'
import { texts } from './texts.ts'

interface Props {
  /** How many it leaves: where it leaves nothing, it is not offered. */
  count: number | undefined
  isOn: boolean
  onChange: (isOn: true | undefined) => void
}

/** Only sub-accounts where references lead nowhere. */
export const BrokenChip = ({ count = 0, isOn, onChange }: Props) =>
  count > 0 || isOn ? (
    <Chip size="xs" variant="outline" checked={isOn} onChange={(next) => onChange(next || undefined)}>
      {texts.withBroken} {count.toLocaleString('en')}
    </Chip>
  ) : null

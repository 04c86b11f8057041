import { Badge, Button, Group, SegmentedControl, Select, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useAddress } from '../../parts/address.ts'
import { Page } from '../../parts/page.tsx'
import { SearchField } from '../../parts/search-field.tsx'
import { Empty, Failure, Waiting } from '../../parts/states.tsx'
import { KINDS, listAddress } from './address.ts'
import classes from './catalogue.module.css'
import { catalogueQuery, type Entry, search } from './entries.ts'
import { texts } from './texts.ts'

/** Every trigger and action, by category. */
export function Catalogue() {
  const [{ q, kind, category }, change] = useAddress(listAddress)
  const catalogue = useQuery(catalogueQuery)
  const all = catalogue.data?.entries ?? []
  const categories = [...new Set(all.map((entry) => entry.category))]
  const shown = search(all, q ?? '').filter(
    (entry) => (kind === undefined || entry.kind === kind) && (category === undefined || entry.category === category),
  )
  return (
    <Page title={texts.title} lead={catalogue.data && texts.lead(all.length)}>
      <Group gap="sm" align="flex-end">
        <SearchField label={texts.search} value={q ?? ''} onChange={(text) => change({ q: text || undefined })} />
        <SegmentedControl
          aria-label={texts.title}
          value={kind ?? ''}
          onChange={(value) => change({ kind: KINDS.find((one) => one === value) })}
          data={[{ value: '', label: texts.all }, ...KINDS.map((value) => ({ value, label: texts.kinds[value] }))]}
        />
        <Select
          aria-label={texts.category}
          placeholder={texts.everyCategory}
          data={categories}
          value={category ?? null}
          onChange={(value) => change({ category: value ?? undefined })}
          clearable
        />
      </Group>
      {catalogue.error ? (
        <Failure error={catalogue.error} onRetry={() => void catalogue.refetch()} />
      ) : catalogue.isPending ? (
        <Waiting lines={12} />
      ) : shown.length === 0 ? (
        <Empty
          title={texts.nothing}
          action={
            <Button variant="default" onClick={() => change({ q: undefined, kind: undefined, category: undefined })}>
              {texts.clear}
            </Button>
          }
        />
      ) : (
        [...Map.groupBy(shown, (entry) => entry.category)].map(([name, entries]) => (
          <Stack key={name} component="section" gap="xs" aria-label={name}>
            <Title order={2} size="h4">
              {name}
            </Title>
            <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="xs">
              {entries.map((entry) => (
                <Card key={entry.key} entry={entry} />
              ))}
            </SimpleGrid>
          </Stack>
        ))
      )}
    </Page>
  )
}

function Card({ entry: { key, kind, title, description } }: { entry: Entry }) {
  return (
    <Link to="/app/catalogue/$key" params={{ key }} className={classes.card}>
      <Group gap="xs" justify="space-between" wrap="nowrap" align="flex-start">
        <Text fw={600} size="sm">
          {title}
        </Text>
        <Badge variant="default" size="sm" className={classes.kind}>
          {texts.kind[kind]}
        </Badge>
      </Group>
      <Text size="sm" c="dimmed">
        {description}
      </Text>
    </Link>
  )
}

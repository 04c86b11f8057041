import { Card, Skeleton, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { askAgain, reads } from '../../api/query.ts'
import { TextLink } from '../../parts/link-button.tsx'
import { Failure } from '../../parts/states.tsx'
import classes from './records.module.css'
import { type Doc, findOpportunities, money } from './sources.ts'
import { texts } from './texts.ts'

const MOST = 500

/** Opportunities of a pipeline, each in its stage. */
export function Board({ locationId, pipelineId }: { locationId: string; pipelineId: string }) {
  const pipelines = useQuery(reads('pipelines.list', { locationId }))
  const found = useQuery({
    queryKey: ['records', 'board', locationId, pipelineId],
    queryFn: ({ signal }) =>
      findOpportunities({ locationId, pipelineId, limit: MOST, query: undefined, after: undefined, signal }),
  })
  const error = pipelines.error ?? found.error
  const failure = error && <Failure error={error} onRetry={askAgain(pipelines, found)} />
  if (pipelines.data === undefined || found.data === undefined) return failure ?? <Skeleton height={320} />
  const pipeline = (pipelines.data.pipelines as Doc[]).find(({ id }) => id === pipelineId)
  const stages = ((pipeline?.stages ?? []) as Doc[]).map(({ id, name }) => ({ id: String(id), name: String(name) }))
  const { found: all, total } = found.data
  const byStage = Map.groupBy(all, ({ pipelineStageId }) => String(pipelineStageId))
  const known = new Set(stages.map(({ id }) => id))
  const others = all.filter(({ pipelineStageId }) => !known.has(String(pipelineStageId)))
  const columns = [
    ...stages.map(({ id, name }) => ({ id, name, cards: byStage.get(id) ?? [] })),
    ...(others.length === 0 ? [] : [{ id: '', name: texts.none, cards: others }]),
  ]
  return (
    <>
      {failure}
      {all.length < total && (
        <Text size="sm" c="dimmed">
          {texts.cut(all.length, total)}
        </Text>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by key */}
      <section className={classes.board} aria-label={String(pipeline?.name ?? '')} tabIndex={0}>
        {columns.map(({ id, name, cards }) => (
          <section key={id} className={classes.stage} aria-label={name}>
            <Title order={2} size="h6" dir="auto">
              {name} <span className="tabular">{cards.length}</span>
            </Title>
            {cards.map((card) => (
              <Card key={String(card.id)} withBorder padding="xs">
                <TextLink
                  to={'/app/locations/$locationId/records/$kind/$recordId' as never}
                  params={{ locationId, kind: 'opportunities', recordId: String(card.id) } as never}
                  dir="auto"
                >
                  {String(card.name)}
                </TextLink>
                <Text size="xs" c="dimmed" dir="auto">
                  {[(card.contact as Doc | undefined)?.name, money(card.monetaryValue), card.status]
                    .filter(Boolean)
                    .join(' · ')}
                </Text>
              </Card>
            ))}
          </section>
        ))}
      </section>
    </>
  )
}

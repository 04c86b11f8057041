import { make, named } from './made-assets.ts'
import { type Actor, readAll, type Story } from './stories.ts'

export interface Stage {
  id: string
  name: string
}

/** Pipelines of locations and the deals that stand in their stages, named as people name them: "Sales: New". */
export class Deals {
  readonly #story: Story

  constructor(story: Story) {
    this.#story = story
  }

  pipeline(location: Actor, name: string, ...stages: string[]) {
    return make(location, '/opportunities/pipelines', { name, stages: stages.map((each) => ({ name: each })) })
  }

  async stages(location: Actor, pipeline = 'Sales'): Promise<Stage[]> {
    return (await named(this.#story, location, 'pipelines', pipeline)).document.stages as Stage[]
  }

  async names(location: Actor, pipeline = 'Sales'): Promise<string[]> {
    return (await this.stages(location, pipeline)).map(({ name }) => name)
  }

  async stage(location: Actor, name: string, pipeline = 'Sales'): Promise<string> {
    return (await this.stages(location, pipeline)).find((stage) => stage.name === name)?.id as string
  }

  /** Gives a pipeline other stages; those that are named by their names alone keep their ids. */
  async setStages(location: Actor, change: (stages: Stage[]) => object[], pipeline = 'Sales') {
    const { id, document } = await named(this.#story, location, 'pipelines', pipeline)
    const reply = await location.client.put(`/opportunities/pipelines/${id}`, {
      stages: change(document.stages as Stage[]).map(withoutPosition),
    })
    if (reply.status !== 200) throw new Error(JSON.stringify(reply.body))
  }

  drop(location: Actor, stage: string, pipeline = 'Sales') {
    return this.setStages(location, (stages) => stages.filter(({ name }) => name !== stage), pipeline)
  }

  /** Drops a stage and makes one of the same name in its place. */
  remake(location: Actor, stage: string, pipeline = 'Sales') {
    return this.setStages(
      location,
      (stages) => stages.map((each) => (each.name === stage ? { name: stage } : each)),
      pipeline,
    )
  }

  async make(location: Actor, stage: string, pipeline = 'Sales'): Promise<string> {
    const { id: pipelineId } = await named(this.#story, location, 'pipelines', pipeline)
    const contact = await make(location, '/contacts/', { firstName: stage })
    const pipelineStageId = await this.stage(location, stage, pipeline)
    return (
      await make(location, '/opportunities/', {
        pipelineId,
        pipelineStageId,
        name: 'Deal',
        status: 'open',
        contactId: contact.id,
      })
    ).id
  }

  async move(location: Actor, deal: string, stage: string, pipeline = 'Sales') {
    const { id: pipelineId } = await named(this.#story, location, 'pipelines', pipeline)
    const reply = await location.client.put(`/opportunities/${deal}`, {
      pipelineId,
      pipelineStageId: await this.stage(location, stage, pipeline),
    })
    if (reply.status !== 200) throw new Error(JSON.stringify(reply.body))
  }

  async read(location: Actor, deal: string) {
    return (await location.client.get(`/opportunities/${deal}`)).body.opportunity
  }

  /** "Sales: New"; "Sales: -" in no stage; "?" for ids that lead nowhere. */
  async place(location: Actor, deal: string): Promise<string> {
    const { pipelineId, pipelineStageId } = await this.read(location, deal)
    const pipeline = (await readAll(this.#story, location.id)).find(
      ({ kind, id }) => kind === 'pipelines' && id === pipelineId,
    )
    const stage = ((pipeline?.document.stages ?? []) as Stage[]).find(({ id }) => id === pipelineStageId)
    return `${pipeline?.name ?? '?'}: ${stage?.name ?? (pipelineStageId == null ? '-' : '?')}`
  }
}

const withoutPosition = ({ position: _, ...stage }: { position?: number }) => stage

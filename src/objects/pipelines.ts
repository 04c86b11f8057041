import type { Db } from '../db/pool.ts'
import { pipelines } from '../resources/pipelines.ts'
import { ticketPipelines } from '../resources/ticket-pipelines.ts'
import { type Asset, type AssetDocument, type AssetResource, listAssets } from '../store/assets/index.ts'

/** A pipeline as the HubSpot wire has it, of whatever kind of asset it is. */
export interface Pipeline {
  /** On the wire. */
  id: string
  label: string
  displayOrder: number
  stages: Stage[]
  /** Null: the one that every portal has, as long as nobody has changed it. */
  asset: Asset | null
}

export interface Stage {
  id: string
  label: string
  displayOrder: number
  metadata: Record<string, string>
}

/** How the pipelines of one type of object are kept. */
export interface PipelineStore {
  resource: AssetResource
  /** What is there before anybody made one. */
  standard: AssetDocument | null
  metadataOf(stage: StageDocument, place: { index: number; count: number }): Record<string, string>
  /** What a stage keeps of its metadata, or why it cannot. */
  readMetadata(metadata: Readonly<Record<string, unknown>>): { kept: Partial<StageDocument> } | { fault: string }
}

export interface StageDocument {
  id?: string
  key?: string
  name: string
  position?: number
  probability?: number
  state?: string
}

/** Of deals: how likely one in the stage is won, from 0 to 1; what is certain is closed. Here it is in percent. */
const DEALS: PipelineStore = {
  resource: pipelines as unknown as AssetResource,
  standard: null,
  metadataOf({ probability }, { index, count }) {
    const percent = probability ?? Math.round((10_000 * (index + 1)) / (count + 1)) / 100
    const text = String(Math.round(percent * 100) / 10_000)
    return { probability: text.includes('.') ? text : `${text}.0`, isClosed: String(percent === 0 || percent === 100) }
  },
  readMetadata({ probability }) {
    if (probability === undefined || probability === null || probability === '') return { kept: {} }
    const share = Number(probability)
    if (!(share >= 0 && share <= 1)) return { fault: 'probability must be a number from 0.0 to 1.0' }
    return { kept: { probability: Math.round(share * 1_000_000) / 10_000 } }
  },
}

const TICKETS: PipelineStore = {
  resource: ticketPipelines as unknown as AssetResource,
  standard: {
    key: '0',
    name: 'Support Pipeline',
    displayOrder: 0,
    stages: ['New', 'Waiting on contact', 'Waiting on us', 'Closed'].map((name, index) => ({
      key: String(index + 1),
      name,
      position: index,
      state: name === 'Closed' ? 'CLOSED' : 'OPEN',
    })),
  },
  metadataOf: ({ state = 'OPEN' }) => ({ ticketState: state, isClosed: String(state === 'CLOSED') }),
  readMetadata({ ticketState }) {
    if (ticketState === undefined || ticketState === null || ticketState === '') return { kept: {} }
    const state = String(ticketState).toUpperCase()
    if (state !== 'OPEN' && state !== 'CLOSED') return { fault: 'ticketState must be OPEN or CLOSED' }
    return { kept: { state } }
  },
}

const STORES: Readonly<Record<string, PipelineStore>> = { '0-3': DEALS, '0-5': TICKETS }

/** Null: objects of this type go through no pipeline. */
export const findPipelineStore = (typeId: string): PipelineStore | null => STORES[typeId] ?? null

/** In their order; those of one place by creation. */
export async function listPipelines(db: Db, store: PipelineStore, locationId: string): Promise<Pipeline[]> {
  const assets = await listAssets(db, store.resource, locationId)
  const found = assets.map((asset, index) => toPipeline(store, asset.document, { index, asset }))
  const { standard } = store
  if (standard !== null && !assets.some(({ document }) => document.key === standard.key))
    found.unshift(toPipeline(store, standard, { index: 0, asset: null }))
  return found.sort((one, other) => one.displayOrder - other.displayOrder)
}

export function toPipeline(
  store: PipelineStore,
  document: AssetDocument,
  { index = 0, asset }: { index?: number; asset: Asset | null },
): Pipeline {
  const stages = (document.stages ?? []) as StageDocument[]
  return {
    id: String(document.key ?? asset?.id),
    label: String(document.name),
    displayOrder: Number(document.displayOrder ?? index),
    stages: stages.map((stage, place) => ({
      id: String(stage.key ?? stage.id),
      label: stage.name,
      displayOrder: stage.position ?? place,
      metadata: store.metadataOf(stage, { index: place, count: stages.length }),
    })),
    asset,
  }
}

import { isOfficial } from './official-lines.ts'
import type { Actor } from './stories.ts'

export const PET = 'custom_objects.pet'
const OPTIONS = [
  { key: 'cat', label: 'Cat' },
  { key: 'dog', label: 'Dog' },
]

export async function addField({ id: locationId, client }: Actor, body: object) {
  const sent = { locationId, objectKey: PET, showInForms: true, parentId: '', ...body }
  return isOfficial('POST /custom-fields/', await client.post('/custom-fields/', sent)).field
}

export async function definePets(location: Actor) {
  const { object } = isOfficial(
    'POST /objects/',
    await location.client.post('/objects/', {
      locationId: location.id,
      labels: { singular: 'Pet', plural: 'Pets' },
      key: PET,
      primaryDisplayPropertyDetails: { key: `${PET}.name`, name: 'Pet name', dataType: 'TEXT' },
    }),
  )
  const folder = isOfficial(
    'POST /custom-fields/folder',
    await location.client.post('/custom-fields/folder', { locationId: location.id, objectKey: PET, name: 'Details' }),
  )
  const species = await addField(location, {
    name: 'Species',
    fieldKey: `${PET}.species`,
    dataType: 'SINGLE_OPTIONS',
    options: OPTIONS,
    parentId: folder.id,
  })
  await addField(location, { name: 'Weight', fieldKey: `${PET}.weight`, dataType: 'NUMERICAL' })
  await addField(location, { name: 'Fee', fieldKey: `${PET}.fee`, dataType: 'MONETORY' })
  await addField(location, { name: 'Likes', dataType: 'CHECKBOX', options: [{ label: 'Fish' }, { label: 'Dry food' }] })
  return { object, folder, species }
}

export const createPet = async (location: Actor, properties: object) =>
  isOfficial(
    'POST /objects/{schemaKey}/records',
    await location.client.post(`/objects/${PET}/records`, { locationId: location.id, properties }),
  ).record

import { catalogueInputs, type Input } from './catalogue-inputs.ts'
import type { CatalogueWorld } from './catalogue-world.ts'

/** Requests that add one more thing to a list. `unique` is a short text that nothing else has. */
export function listAdditions(world: () => CatalogueWorld) {
  const here = () => ({ locationId: world().location.id })
  const company = () => ({ companyId: world().agency.companyId })
  const post = (path: string, body: Input) => world().client.post(path, body)
  const asAgency = (path: string, body: Input) => world().server.client(world().agency.token).post(path, body)
  const person = (unique: string) => ({ firstName: unique, email: `${unique}@example.com` })
  const newContact = async (unique: string) =>
    (await post('/contacts/', { ...here(), ...person(unique) })).body.contact.id as string
  const newDeal = async (unique: string) => {
    const contactId = await newContact(unique)
    return post('/opportunities/', {
      ...here(),
      pipelineId: world().ids.pipelineId,
      name: unique,
      status: 'open',
      contactId,
    })
  }
  const newMessage = (unique: string) =>
    post('/conversations/messages', { type: 'Email', contactId: world().ids.contactId, html: unique, subject: unique })
  const newUser = (unique: string) =>
    asAgency('/users/', {
      ...(catalogueInputs(world())['POST /users/'] as () => Input)(),
      firstName: unique,
      email: `${unique}@example.com`,
    })
  const newLocation = (unique: string) => asAgency('/locations/', { ...company(), name: unique })
  const newNote = (unique: string) =>
    post(`/calendars/appointments/${world().ids.appointmentId}/notes`, { body: unique })
  const newPost = (unique: string) =>
    post('/blogs/posts', { ...(catalogueInputs(world())['POST /blogs/posts'] as () => Input)(), urlSlug: unique })
  const newAssociation = (unique: string) =>
    post('/associations/', {
      ...(catalogueInputs(world())['POST /associations/'] as () => Input)(),
      key: unique.replaceAll('-', '_'),
    })
  const newRelation = async (unique: string) =>
    post('/associations/relations', {
      ...here(),
      associationId: world().ids.associationId,
      firstRecordId: world().ids.contactId,
      secondRecordId: (await post('/businesses/', { ...here(), name: unique })).body.buiseness.id,
    })
  const newRoom = (unique: string) =>
    post('/calendars/resources/rooms', {
      ...here(),
      name: unique,
      description: '',
      quantity: 1,
      outOfService: 0,
      capacity: 4,
      calendarIds: [],
    })

  return {
    here,
    company,
    post,
    asAgency,
    person,
    newContact,
    newDeal,
    newMessage,
    newUser,
    newLocation,
    newNote,
    newPost,
    newAssociation,
    newRelation,
    newRoom,
  }
}

import { constant, field, mappingOf, type Preset } from './preset.ts'

/** 17hats' types of contacts -> ours. */
const TYPES = { 'Hot Lead': 'lead', 'Cold Prospect': 'lead', Client: 'customer', Other: 'other' }
const typeAt = (path: string) => ({ to: 'type', from: { lookup: { path, table: TYPES, otherwise: 'lead' } } })
const PLACES = ['Business ', 'Home ', 'Other ', '']
const address = (to: string, name: string) => field(to, ...PLACES.map((place) => place + name))

const HATS_COLUMNS = ['First Name', 'Last Name', 'Primary E-mail Address']

/**
 * wire/connect.md, "17hats": labels of the Zapier app's fields are documented, the names in the body are what people see
 * there, and columns of the CSV are taken to be called as the fields are.
 */
export const contactPresets: readonly Preset[] = [
  {
    id: '17hats-contact',
    name: '17hats contacts, through Zapier',
    description:
      'A Zap of 17hats’ New Contact and Updated Contact that posts the contact to the address of the connection.',
    signature: 'address',
    mapping: mappingOf('contact', {
      externalId: { path: 'contact.id' },
      keys: ['externalId', 'email', 'phone'],
      fields: [
        field('firstName', 'contact.first_name'),
        field('lastName', 'contact.last_name'),
        field('email', 'contact.primary_email'),
        field('additionalEmails', 'contact.other_emails'),
        field('phone', 'contact.primary_phone'),
        field('additionalPhones', 'contact.other_phones'),
        field('companyName', 'contact.company_name'),
        typeAt('contact.type'),
        field('address1', 'contact.address_line_1'),
        field('city', 'contact.city'),
        field('state', 'contact.state'),
        field('postalCode', 'contact.zip'),
        field('country', 'contact.country'),
        field('dateOfBirth', 'contact.birthday'),
        field('website', 'contact.website'),
        field('tags', 'contact.tags'),
        constant('source', '17hats'),
      ],
    }),
    sample: {
      items: [
        {
          contact: {
            id: '17h_c_1001',
            is_company: false,
            type: 'Client',
            first_name: 'Ada',
            last_name: 'Lovelace',
            title: '',
            company_name: 'Engines Ltd',
            primary_email: 'ada@ex.test',
            other_emails: 'a2@ex.test, a3@ex.test',
            primary_phone: '212-555-0100',
            other_phones: '',
            address_line_1: '1 Main St',
            city: 'Austin',
            state: 'TX',
            zip: '78701',
            country: 'United States',
            birthday: '1990-12-10',
            referred_by: '',
            website: '',
            tags: 'wedding, vip',
            notes: '',
          },
        },
      ],
    },
  },
  {
    id: '17hats-contacts-csv',
    name: '17hats contacts, from its CSV',
    description: 'The file of Contacts > Export: for the first load, since Zapier begins with what comes from now on.',
    csv: { columns: HATS_COLUMNS },
    mapping: mappingOf('contact', {
      externalId: null,
      keys: ['email', 'phone'],
      fields: [
        field('firstName', 'First Name'),
        field('lastName', 'Last Name'),
        field('email', 'Primary E-mail Address'),
        field('additionalEmails', 'Other E-mail Addresses'),
        field('phone', 'Primary Phone Number'),
        field('additionalPhones', 'Other Phone Numbers'),
        field('companyName', 'Company Name'),
        typeAt('Type'),
        address('address1', 'Address Line 1'),
        address('city', 'City'),
        address('state', 'State'),
        address('postalCode', 'ZIP Code'),
        address('country', 'Country'),
        field('dateOfBirth', 'Birthday'),
        field('website', 'Website'),
        field('tags', 'Tags'),
        constant('source', '17hats'),
      ],
    }),
    sample: {
      csv:
        'Is Company?,First Name,Last Name,Type,Company Name,Primary E-mail Address,Other E-mail Addresses,' +
        'Primary Phone Number,Home Address Line 1,Home City,Home State,Home ZIP Code,Home Country,Birthday,Tags,Notes\n' +
        'No,Ada,Lovelace,Client,Engines Ltd,ada@ex.test,"a2@ex.test, a3@ex.test",212-555-0100,1 Main St,Austin,TX,78701,' +
        'United States,12/10/1990,"wedding, vip","Likes\nengines"\n' +
        'No,Bob,Smith,Hot Lead,,bob@ex.test,,888-888-8888,,,,,,,,\n',
    },
  },
  {
    id: 'contact',
    name: 'Contacts of any program',
    description: 'A flat body with the names that most programs use: first_name or firstName, email, phone.',
    signature: 'standard',
    mapping: mappingOf('contact', {
      externalId: { paths: ['id', 'customer_id', 'contact_id', 'external_id'] },
      keys: ['externalId', 'email', 'phone'],
      fields: [
        field('firstName', 'first_name', 'firstName'),
        field('lastName', 'last_name', 'lastName'),
        field('name', 'name', 'full_name'),
        field('email', 'email', 'email_address'),
        field('phone', 'phone', 'phone_number', 'mobile'),
        field('companyName', 'company', 'company_name', 'companyName'),
        field('address1', 'address', 'address_line_1', 'street'),
        field('city', 'city'),
        field('state', 'state', 'region'),
        field('postalCode', 'postal_code', 'zip'),
        field('country', 'country'),
        field('website', 'website', 'url'),
        field('source', 'source'),
        field('tags', 'tags'),
      ],
    }),
    sample: {
      items: [
        {
          id: 1001,
          first_name: 'Ada',
          last_name: 'Lovelace',
          email: 'ada@ex.test',
          phone: '(212) 555-0100',
          tags: ['vip'],
        },
      ],
    },
  },
]

export const locationPresets: readonly Preset[] = [
  {
    id: 'locations-csv',
    name: 'Locations, from a CSV',
    description: 'One row for each location or brand. 17hats has no locations: its linked brands come closest.',
    csv: { columns: ['Location ID', 'Name'] },
    mapping: mappingOf('location', {
      externalId: { path: 'Location ID' },
      keys: ['externalId'],
      fields: [
        field('name', 'Name'),
        field('phone', 'Phone'),
        field('address', 'Address'),
        field('city', 'City'),
        field('state', 'State'),
        field('postalCode', 'ZIP Code'),
        field('country', 'Country'),
        field('website', 'Website'),
      ],
    }),
    sample: {
      csv: 'Location ID,Name,Phone,Address,City,State,ZIP Code,Country\nbrand-1,Ada Weddings,212-555-0100,1 Main St,Austin,TX,78701,US\n',
    },
  },
]

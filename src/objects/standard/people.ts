import { BAG, declare, optionsOf } from '../property.ts'

const user = declare('userinformation', BAG)

/** People are kept in step by those who administer them: nothing of them is written on this wire. */
const known = { readOnly: true } as const

export const userProperties = [
  ...user.always(),
  user.text('hs_email', 'Email', { field: 'email', ...known }),
  user.text('hs_given_name', 'First name', { field: 'firstName', ...known }),
  user.text('hs_family_name', 'Last name', { field: 'lastName', ...known }),
  user.text('hs_main_phone', 'Main phone', { field: 'phone', ...known }),
  user.text('hs_user_role', 'Role', { field: 'role', ...known }),
]

const lead = declare('leadinformation', BAG)

export const leadProperties = [
  ...lead.always(),
  lead.text('hs_lead_name', 'Lead name'),
  lead.choice('hs_lead_type', 'Lead type', { options: optionsOf('NEW_BUSINESS UPSELL RE-ATTEMPTING') }),
  lead.choice('hs_lead_label', 'Lead label', { options: optionsOf('HOT WARM COLD') }),
  lead.choice('hs_pipeline', 'Pipeline', { open: true }),
  lead.choice('hs_pipeline_stage', 'Pipeline stage', { open: true }),
  lead.owner(),
]

const custom = declare('objectinformation', 'wireProperties')

/** What every custom object has beside the properties it was given. */
export const customObjectProperties = [
  ...custom.always(),
  custom.choice('hubspot_owner_id', 'Owner', { field: 'owner', form: 'owners', open: true }),
]

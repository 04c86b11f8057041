import { many, one } from './dedupe.ts'
import { action, type CatalogEntry, trigger } from './entry.ts'
import { user } from './studio.ts'

export const userEntries: readonly CatalogEntry[] = [
  trigger('Search Users', 'Find users with filters', 'GET /users/search', {
    dedupe: many('users'),
    sample: { users: [user], count: 1 },
  }),
  trigger('Filter Users by Email', 'Search users by email address', 'POST /users/search/filter-by-email', {
    dedupe: many('users'),
    sample: { users: [user], count: 1 },
  }),
  trigger('Get User', 'Retrieve user details', 'GET /users/:userId', { dedupe: one(''), sample: user }),
  trigger('List Users by Location', 'Get users in specific location', 'GET /users/', {
    dedupe: many('users'),
    sample: { users: [user] },
  }),
  action('Create User', 'Add new user to system', 'POST /users/'),
  action('Update User', 'Modify user information', 'PUT /users/:userId'),
  action('Delete User', 'Remove user from system', 'DELETE /users/:userId'),
]

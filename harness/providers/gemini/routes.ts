/** Where the methods of models are reached. */
import type { Route } from '../../contracts/provider.js'

const versions = ['v1beta', 'v1', 'v1alpha']

/** Some clients' base URLs end with the version. */
export function routesOf(method: string): Route[] {
  const path = `/models/*:${method}`
  return [
    ...versions.map((version): Route => ({ method: 'POST', path: `/${version}${path}`, at: 'anywhere' })),
    { method: 'POST', path, at: 'own' },
  ]
}

/** The providers and endpoints that hold for a scenario: its own, then those of a configuration, then those that ship. */
import { type Checks, isRecord } from '../contracts/checks.js'
import { didYouMean } from '../contracts/errors.js'
import type { EndpointsOptions, Provider } from '../contracts/provider.js'
import type { Scenario } from '../contracts/scenario.js'

/** What a scenario or a configuration says of providers. */
export interface ProviderOptions {
  readonly providers?: readonly Provider[]
  readonly endpoints?: EndpointsOptions
}

/** Of the same name the earlier one holds. */
export function inOrder(...lists: readonly (readonly Provider[])[]): readonly Provider[] {
  const byName = new Map<string, Provider>()
  for (const provider of lists.flat()) if (!byName.has(provider.name)) byName.set(provider.name, provider)
  return [...byName.values()]
}

/** The scenario as it is under a configuration, which says what the scenario itself leaves open. */
export function configure(scenario: Scenario, { providers = [], endpoints = {} }: ProviderOptions): Scenario {
  const own = scenario.providers.filter(({ name }) => scenario.ownProviders.includes(name))
  return {
    ...scenario,
    providers: inOrder(own, providers, scenario.providers),
    endpoints: { ...endpoints, ...scenario.endpoints },
    repaired: scenario.repaired && configure(scenario.repaired, { providers, endpoints }),
  }
}

/** `shipped` are the providers that are there anyway. Refuses by `checks`, which throw. */
export function checkProviders(options: ProviderOptions, shipped: readonly Provider[], checks: Checks): void {
  const { providers = [], endpoints = {} } = options
  checks.expect(Array.isArray(providers), 'providers', 'an array of providers', providers)
  providers.forEach((provider, index) => {
    checkProvider(provider, `providers[${index}]`, checks)
  })
  const twice = providers.find(({ name }, index) => providers.findIndex((other) => other.name === name) < index)
  if (twice) checks.refuse(`providers: "${twice.name}" is listed twice`)
  checkEndpoints(endpoints, inOrder(providers, shipped), checks)
}

function checkProvider(provider: Partial<Provider> | null, at: string, { expect }: Checks): void {
  const expected = 'a provider: an object with name, apis, origins, environment, prices, callIds and statusOf'
  expect(typeof provider === 'object' && provider !== null, at, expected, provider)
  const { name, apis, origins, environment, prices, callIds, statusOf } = provider as Partial<Provider>
  expect(typeof name === 'string' && /^[a-z][a-z0-9-]*$/.test(name), `${at}.name`, 'a name in kebab-case', name)
  for (const [part, value] of Object.entries({ apis, environment, prices, callIds })) {
    expect(typeof value === 'object' && value !== null, `${at}.${part}`, 'an object', value)
  }
  for (const [api, { open, routes }] of Object.entries(apis ?? {})) {
    expect(typeof open === 'function', `${at}.apis.${api}.open`, 'a function', open)
    expect(Array.isArray(routes) && routes.length > 0, `${at}.apis.${api}.routes`, 'an array of at least one', routes)
  }
  const isOrigin = (origin: unknown) =>
    typeof origin === 'string' && URL.canParse(origin.replace('*.', '')) && !/[^/]\/[^/]/.test(origin)
  expect(Array.isArray(origins) && origins.length > 0, `${at}.origins`, 'an array of at least one origin', origins)
  const odd = origins?.find((origin) => !isOrigin(origin))
  expect(odd === undefined, `${at}.origins`, 'origins such as "https://api.example.com"', odd)
  expect(typeof statusOf === 'function', `${at}.statusOf`, 'a function of a failure code', statusOf)
}

function checkEndpoints(endpoints: unknown, known: readonly Provider[], checks: Checks): void {
  const names = known.map(({ name }) => name)
  checks.expect(isRecord(endpoints), 'endpoints', 'an object by provider', endpoints)
  for (const [name, endpoint] of Object.entries(endpoints as EndpointsOptions)) {
    if (!names.includes(name)) {
      checks.refuse(`endpoints: no provider is called "${name}" (${names.join(', ')}).${didYouMean(name, names)}`)
    }
    checks.record(`endpoints.${name}`, endpoint, ['baseURL'])
    const { baseURL } = endpoint
    const fits = baseURL === undefined || (URL.canParse(baseURL) && /^https?:$/.test(new URL(baseURL).protocol))
    checks.expect(fits, `endpoints.${name}.baseURL`, 'an address such as "https://gateway.example/v1"', baseURL)
  }
}

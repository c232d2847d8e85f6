/** Proves which provider's API a request is for: what the user named first, then what vendors own, then what a path tells. */
import { describe, expect, it } from 'vitest'
import type { EndpointsOptions, Provider, Route } from '../../../harness/contracts/provider.js'
import { baseURLsOf, isLoopbackHost, routeOf } from '../../../harness/contracts/routes.js'
import { anthropic } from '../../../harness/providers/catalogue.js'

const withRoutes = (name: string, origins: Provider['origins'], apis: Record<string, readonly Route[]>): Provider => ({
  ...anthropic,
  name,
  origins,
  apis: Object.fromEntries(
    Object.entries(apis).map(([api, routes]) => [api, { stops: anthropic.apis.messages?.stops, routes } as never]),
  ),
})
const post = (path: string, at: Route['at'] = 'own'): Route => ({ method: 'POST', path, at })

const swift = withRoutes('swift', ['https://api.swift.example', 'https://*.swift.example'], {
  chat: [post('/chat/completions', 'anywhere')],
  answers: [post('/answers')],
})
const gem = withRoutes('gem', ['https://gem.example'], { generate: [post('/v1/models/*:generate', 'anywhere')] })

const routeTaken = (url: string, endpoints: EndpointsOptions = {}, method = 'POST') => {
  const found = routeOf([swift, gem], baseURLsOf([swift, gem], endpoints, {}), method, url)
  return found && `${found.provider.name} ${found.api} ${found.by}`
}

describe('a request', () => {
  it.each([
    ['https://api.swift.example/v1/chat/completions', 'swift chat own'],
    ['https://eu.swift.example/answers?x=1', 'swift answers own'],
    ['https://swift.example/answers', undefined],
    ['http://api.swift.example/answers', undefined],
    ['https://api.swift.example:8443/answers', undefined],
    ['https://gateway.example/team/v1/chat/completions', 'swift chat anywhere'],
    ['https://gateway.example/answers', undefined],
    ['https://gem.example/v1/models/large:generate', 'gem generate own'],
    ['https://gateway.example/v1/models/a/b:generate', undefined],
    ['http://localhost:8080/v1/chat/completions', undefined],
    ['not an address', undefined],
  ])('to %s is for %s', (url, expected) => {
    expect(routeTaken(url)).toBe(expected)
  })

  it('by another method is for none', () => {
    expect(routeTaken('https://api.swift.example/answers', {}, 'GET')).toBeUndefined()
  })

  it('to an address that the user named is for that provider, on loopback too, and only below it', () => {
    const endpoints = { swift: { baseURL: 'http://localhost:11434/v1' } }
    expect(routeTaken('http://localhost:11434/v1/answers', endpoints)).toBe('swift answers named')
    expect(routeTaken('http://localhost:11434/v2/answers', endpoints)).toBeUndefined()
    expect(routeTaken('http://localhost:11434/v10/answers', endpoints)).toBeUndefined()
    expect(routeTaken('http://localhost:9/v1/answers', endpoints)).toBeUndefined()
  })

  it('goes to whom the user named before whom its path alone would tell', () => {
    const both = [
      withRoutes('one', ['https://one.example'], { chat: [post('/chat', 'anywhere')] }),
      withRoutes('two', ['https://two.example'], { chat: [post('/chat', 'anywhere')] }),
    ]
    const owner = (url: string, endpoints: EndpointsOptions = {}) =>
      routeOf(both, baseURLsOf(both, endpoints, {}), 'POST', url)?.provider.name
    expect(owner('https://g.example/chat')).toBe('one')
    expect(owner('https://g.example/chat', { two: { baseURL: 'https://g.example/' } })).toBe('two')
    expect(owner('https://two.example/chat')).toBe('two')
  })
})

describe('loopback', () => {
  it.each([
    ['localhost', true],
    ['127.0.0.1', true],
    ['[::1]', true],
    ['[::]', true],
    ['0.0.0.0', true],
    ['shop.localhost', true],
    ['localhost.example', false],
    ['10.0.0.1', false],
  ])('%s: %s', (host, expected) => {
    expect(isLoopbackHost(host)).toBe(expected)
  })
})

/** Holds every provider that ships to the laws of providers, by the vendor's own client. */
import { anthropic } from 'agent-chaos'
import { providerLaws, type Subject } from 'agent-chaos/provider-kit'
import { describe, expect, it } from 'vitest'
import { providers } from '../../harness/providers/catalogue.js'
import { anthropicSubjects } from '../support/providers/anthropic.js'
import { geminiSubject } from '../support/providers/gemini.js'
import { openaiSubjects } from '../support/providers/openai.js'

/** `client` tells those apart that differ by their client alone. */
const subjects: readonly (Subject & { readonly client: string })[] = [
  ...anthropicSubjects,
  ...openaiSubjects,
  geminiSubject,
]

describe.each(subjects)('$provider.name, $api, $client', (subject) => {
  it.each(providerLaws(subject))('$name', ({ check }) => check())
})

describe('the laws', () => {
  it('are asked of every API of every provider that ships, whose names differ', () => {
    const apis = providers.flatMap(({ name, apis }) => Object.keys(apis).map((api) => `${name} ${api}`))
    const held = new Set(subjects.map(({ provider, api }) => `${provider.name} ${api}`))
    expect([...held].sort()).toEqual([...apis].sort())
    expect(new Set(apis).size).toBe(apis.length)
  })

  it.each<[string, (subject: Subject) => Subject]>([
    [
      'reads a conversation as the client sent it',
      losing((call) => ({
        ...call,
        conversation: { ...call.conversation, messages: call.conversation.messages.slice(0, -1) },
      })),
    ],
    [
      'gives ids of tool calls that come back as they went',
      withChange({ callIds: { write: () => 'toolu_same', read: (id) => id } }),
    ],
    ['answers each failure as the vendor documents', withChange({ statusOf: () => 500 })],
    [
      'knows the price of its model, and the day of its list',
      withChange({ prices: { asOf: '2025-11-24', models: {} } }),
    ],
    ['tells exactly what of an answer had arrived, wherever it is cut', arriving(() => ({ text: '', toolCalls: [] }))],
    [
      'gives clients a key that is known for a dummy',
      withChange({ environment: { ...anthropic.environment, key: 'sk-real' } }),
    ],
    [
      'is found at its own origin, and where the user says that it is',
      withChange({ origins: ['https://api.anthropic.com/v1'] }),
    ],
  ])('are broken by a provider that does not keep them: %s', async (name, broken) => {
    const [subject] = subjects
    const law = subject && providerLaws(broken(subject)).find((one) => one.name === name)
    await expect(law?.check()).rejects.toThrow()
  })
})

function withChange(change: Partial<Subject['provider']>) {
  return (subject: Subject): Subject => ({ ...subject, provider: { ...subject.provider, ...change } })
}

type Session = ReturnType<Subject['provider']['apis'][string]['open']>
type Call = Extract<ReturnType<Session['read']>, { kind: 'call' }>

function losing(lose: (call: Call) => Call) {
  return inSession((session) => ({
    read: (request) => {
      const read = session.read(request)
      return read.kind === 'call' ? lose(read) : read
    },
  }))
}

function arriving(arrived: Session['arrived']) {
  return inSession(() => ({ arrived }))
}

function inSession(change: (session: Session) => Partial<Session>) {
  return (subject: Subject): Subject => {
    const api = subject.provider.apis[subject.api]
    if (!api) throw new Error('no such API')
    const open: typeof api.open = (memory) => {
      const session = api.open(memory)
      return {
        read: (request) => session.read(request),
        write: (...args) => session.write(...args),
        fail: (...args) => session.fail(...args),
        failInStream: (...args) => session.failInStream(...args),
        ping: () => session.ping(),
        arrived: (...args) => session.arrived(...args),
        snapshot: () => session.snapshot(),
        ...change(session),
      }
    }
    return { ...subject, provider: { ...subject.provider, apis: { [subject.api]: { ...api, open } } } }
  }
}

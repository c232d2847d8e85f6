import { describe, expect, it } from 'vitest'
import { conversationsOf, type RecordedQuestion, readRecording } from '../../../harness/contracts/recording.js'
import { user } from '../../support/models/conversations.js'

const question = (since: number | null, before: number, ...texts: string[]): RecordedQuestion => ({
  model: 'm',
  system: '',
  tools: [],
  since,
  before,
  messages: texts.map(user),
  reply: { blocks: [], stop: 'end-turn' },
})
const request = { method: 'GET', url: 'https://shop.example/', changes: false, answer: { status: 200 } }
const recording = { agentChaosRecording: 1, questions: [question(null, 0, 'a')], requests: [request] }
const read = (data: unknown) => () => readRecording(JSON.stringify(data), '/x.recording.json')

describe('readRecording', () => {
  it('reads what record() writes', () => {
    expect(read(recording)()).toEqual(recording)
  })

  it.each([
    ['nothing of the kind', [], 'expected an object, got an array', 1],
    ['another version', { ...recording, agentChaosRecording: 2 }, 'agentChaosRecording: expected 1, got 2', 2],
    ['no lists', { ...recording, requests: {} }, 'requests: expected a list, got an object', 27],
    [
      'a question that goes on from itself',
      { ...recording, questions: [question(0, 0)] },
      'questions[0].since: expected the number of an earlier question, got 0',
      8,
    ],
    [
      'a question that shares more than was said',
      { ...recording, questions: [question(null, 0, 'a', 'b'), question(0, 3)] },
      'questions[1].before: expected 2 at the most, got 3',
      40,
    ],
    [
      'a question without a reply',
      { ...recording, questions: [{ ...question(null, 0), reply: {} }] },
      'questions[0].reply.blocks: expected a list, got undefined',
      11,
    ],
    [
      'a piece of no known kind',
      { ...recording, questions: [{ ...question(null, 0), messages: [{ role: 'user', blocks: [{ kind: 'txt' }] }] }] },
      'questions[0].messages[0].blocks[0].kind: expected "text" or "tool-call" or "tool-result" or "other", got "txt"',
      15,
    ],
    [
      'a request to no address',
      { ...recording, requests: [request, { ...request, url: '/x' }] },
      'requests[1].url: expected an address that begins with https:// or http://, got "/x"',
      38,
    ],
    [
      'an answer without a status',
      { ...recording, requests: [{ ...request, answer: {} }] },
      'requests[0].answer.status: expected a status from 200 to 599, got undefined',
      32,
    ],
    [
      'a header that cannot be sent',
      { ...recording, requests: [{ ...request, answer: { status: 200, headers: { etag: 'a\nb' } } }] },
      'requests[0].answer.headers.etag: expected the value of a header, as it can be sent, got "a\\nb"',
      35,
    ],
    [
      'a field that is misspelt',
      { ...recording, requests: [{ ...request, keyd: true }] },
      'requests[0].keyd: no such field is known. Did you mean "keyed"?',
      35,
    ],
  ])('refuses %s, and says what was expected, what came, and where', (_, data, rule, line) => {
    expect(() => readRecording(JSON.stringify(data, null, 2), '/x.recording.json')).toThrow(
      expect.objectContaining({
        message: `expected a recording, as record() writes one: ${rule}`,
        where: `/x.recording.json:${line}`,
      }),
    )
  })

  it('refuses what nobody could read without end', () => {
    const text = JSON.stringify({ ...recording, questions: 'deep' }).replace(
      '"deep"',
      '['.repeat(5_000) + ']'.repeat(5_000),
    )
    expect(() => readRecording(text, '/x')).toThrow('expected no more than 1000 lists and objects in one another')
  })

  it('refuses what is no JSON, and says where', () => {
    expect(() => readRecording('{\n', '/x.recording.json')).toThrow(
      expect.objectContaining({ message: expect.stringContaining('not JSON: '), where: '/x.recording.json:2' }),
    )
  })
})

it('conversationsOf puts what questions share before what they add', () => {
  const questions = [question(null, 0, 'a'), question(0, 1, 'b', 'c'), question(null, 0, 'z'), question(1, 2, 'd')]
  const said = conversationsOf(questions).map(({ messages }) =>
    messages.map(({ blocks }) => (blocks[0]?.kind === 'text' ? blocks[0].text : '')).join(''),
  )
  expect(said).toEqual(['a', 'abc', 'z', 'abd'])
})

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
    ['nothing of the kind', [], 'an object with agentChaosRecording'],
    ['another version', { ...recording, agentChaosRecording: 2 }, 'agentChaosRecording: 1, got 2'],
    ['no lists', { ...recording, requests: {} }, 'lists of questions and requests'],
    [
      'a question that goes on from itself',
      { ...recording, questions: [question(0, 0)] },
      'questions[0]: model, system',
    ],
    ['a question without a reply', { ...recording, questions: [{ ...question(null, 0), reply: {} }] }, 'questions[0]:'],
    [
      'a request to no address',
      { ...recording, requests: [request, { ...request, url: '/x' }] },
      'requests[1]: method',
    ],
    [
      'an answer without a status',
      { ...recording, requests: [{ ...request, answer: {} }] },
      'requests[0]: method, url',
    ],
  ])('refuses %s, and says what was expected', (_, data, rule) => {
    expect(read(data)).toThrow(`expected a recording, as record() writes one: ${rule}`)
  })

  it('refuses what is no JSON, and says where', () => {
    expect(() => readRecording('{', '/x.recording.json')).toThrow(
      expect.objectContaining({ message: expect.stringContaining('JSON: '), where: '/x.recording.json' }),
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

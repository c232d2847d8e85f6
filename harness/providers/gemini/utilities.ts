/** What the API answers without a model: how many tokens a request has, and texts as vectors. */
import { type Anything, isRecord } from '../../contracts/checks.js'
import type { Route, Utility, WireAnswer, WireRequest } from '../../contracts/provider.js'
import { embed } from '../embedding.js'
import { GrowingBodies } from '../growing-bodies.js'
import { Refused } from '../refused.js'
import { textIn } from './contents.js'
import { errorAnswer, failureAnswer, type GeminiRefusal, invalid } from './error.js'
import { batchEmbedContentsRequest, countTokensRequest, embedContentRequest, readMessage } from './fields.js'
import { authenticate, inputTokensOf, modelOf, parseBody, readRequest } from './request.js'
import { routesOf } from './routes.js'
import { checkSignatures, readTurns } from './turns.js'
import { UnnamedCalls } from './unnamed-calls.js'

export const utilities: Readonly<Record<string, Utility>> = {
  'count-tokens': utility(routesOf('countTokens'), countTokens),
  'embed-content': utility(routesOf('embedContent'), embedContent),
  'batch-embed-contents': utility(routesOf('batchEmbedContents'), batchEmbedContents),
}

type Work = (body: Anything, model: string) => object

function utility(routes: readonly Route[], work: Work): Utility {
  return {
    routes,
    answer: (request) => answerTo(request, work),
    fail: (code, details) => failureAnswer(code, { form: 'json' }, details),
  }
}

function answerTo(request: WireRequest, work: Work): WireAnswer {
  try {
    authenticate(request)
    const answer = work(parseBody(request.body, new GrowingBodies('requests')), modelOf(request.url))
    const headers = { 'content-type': 'application/json; charset=UTF-8' }
    return { status: 200, headers, chunks: [JSON.stringify(answer)] }
  } catch (thrown) {
    const error = Refused.in<GeminiRefusal>(thrown)
    if (!error) throw thrown
    return errorAnswer(error, 'json')
  }
}

/** Contents alone, or a whole request. */
function countTokens(body: Anything, model: string): object {
  const { contents, generateContentRequest } = readMessage(body, countTokensRequest, '')
  const asked = readRequest(isRecord(generateContentRequest) ? generateContentRequest : { contents }, model)
  readTurns(asked.contents, model, new UnnamedCalls([]))
  checkSignatures(asked.contents, model)
  const totalTokens = inputTokensOf(asked)
  return { totalTokens, promptTokensDetails: [{ modality: 'TEXT', tokenCount: totalTokens }] }
}

function embedContent(body: Anything, model: string): object {
  return { embedding: { values: vectorOf(readMessage(body, embedContentRequest, ''), model, 'EmbedContentRequest') } }
}

function batchEmbedContents(body: Anything, model: string): object {
  const { requests = [] } = readMessage(body, batchEmbedContentsRequest, '')
  const list = requests as readonly Anything[]
  if (list.length === 0) {
    throw invalid('* BatchEmbedContentsRequest.requests: at least one request is required\n', 'missing-field')
  }
  const at = (index: number) => `BatchEmbedContentsRequest.requests[${index}]`
  return { embeddings: list.map((request, index) => ({ values: vectorOf(request, model, at(index)) })) }
}

function vectorOf({ content, outputDimensionality }: Anything, model: string, at: string): number[] {
  const parts = isRecord(content) && Array.isArray(content.parts) ? (content.parts as readonly Anything[]) : []
  if (parts.length === 0) throw invalid(`* ${at}.content: contents is not specified\n`, 'empty-content')
  parts.forEach(({ text, inlineData, fileData }, index) => {
    if ((text === undefined || text === '') && inlineData === undefined && fileData === undefined) {
      const why = "required oneof field 'data' must have one initialized field"
      throw invalid(`* ${at}.content.parts[${index}].data: ${why}\n`, 'empty-content')
    }
  })
  return embed(textIn({ parts }), dimensionsOf(outputDimensionality, model))
}

function dimensionsOf(asked: unknown, model: string): number {
  const most = /^text-embedding-004|^embedding-001/.test(model) ? 768 : 3072
  if (asked === undefined) return most
  if (typeof asked === 'number' && Number.isInteger(asked) && asked >= 1 && asked <= most) return asked
  throw invalid('Request contains an invalid argument.')
}

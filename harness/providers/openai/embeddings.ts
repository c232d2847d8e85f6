/** Texts as vectors. They are the simulated ones of all providers, in either encoding that the API has. */
import type { Anything } from '../../contracts/checks.js'
import { shortDigest } from '../../contracts/digest.js'
import { parseShallow } from '../../contracts/json-text.js'
import type { Utility, WireAnswer, WireRequest } from '../../contracts/provider.js'
import { embed } from '../embedding.js'
import { Refused } from '../refused.js'
import { authenticate } from './access.js'
import { errorAnswer, failureAnswer, invalid, type RefusalTerms } from './error.js'
import { missing, parseBody, requireText, wrongType, wrongValue } from './fields.js'
import { headersOf } from './headers.js'

export const embeddings: Utility = {
  routes: [
    { method: 'POST', path: '/v1/embeddings', at: 'anywhere' },
    // As Azure has it.
    { method: 'POST', path: '/deployments/*/embeddings', at: 'own' },
    { method: 'POST', path: '/embeddings', at: 'own' },
  ],
  answer,
  fail: (code, details) => failureAnswer(code, requestIdOf(code), details),
}

function answer(request: WireRequest): WireAnswer {
  const requestId = requestIdOf(request.body)
  try {
    authenticate(request)
    const body = parseBody(request.body, parseShallow)
    const model = modelOf(body, request.url)
    const texts = textsIn(body.input)
    const encode = encoderOf(body.encoding_format)
    const dimensions = dimensionsOf(body.dimensions, model)
    const data = texts.map((text, index) => ({
      object: 'embedding',
      index,
      embedding: encode(embed(text, dimensions)),
    }))
    const tokens = texts.reduce((sum, text) => sum + Math.max(1, Math.ceil(text.length / 4)), 0)
    const usage = { prompt_tokens: tokens, total_tokens: tokens }
    return {
      status: 200,
      headers: headersOf(requestId, 'application/json', tokens),
      chunks: [JSON.stringify({ object: 'list', data, model, usage })],
    }
  } catch (thrown) {
    const error = Refused.in<RefusalTerms>(thrown)
    if (!error) throw thrown
    return errorAnswer(error, requestId)
  }
}

/** Azure names it in the path. */
function modelOf(body: Anything, url: string): string {
  const deployment = /\/deployments\/([^/]+)\//.exec(new URL(url).pathname)?.[1]
  if (body.model === undefined && deployment !== undefined) return deployment
  if (body.model === undefined) throw invalid('you must provide a model parameter', { reason: 'missing-field' })
  return requireText(body, 'model')
}

/** A text, a list of texts, the tokens of a text, or a list of those. */
function textsIn(input: unknown): string[] {
  if (input === undefined) throw missing('input')
  const list = typeof input === 'string' || isTokens(input) ? [input] : Array.isArray(input) ? input : []
  const texts = list.flatMap((one: unknown) => (isTokens(one) ? one.map((token) => `t${token}`).join(' ') : one))
  if (texts.length > 0 && texts.every((text) => typeof text === 'string' && text !== '')) return texts as string[]
  throw invalid("'$.input' is invalid. Please check the API reference: https://platform.openai.com/docs/api-reference.")
}

function isTokens(input: unknown): input is number[] {
  return Array.isArray(input) && input.length > 0 && input.every(Number.isInteger)
}

function encoderOf(format: unknown = 'float'): (vector: number[]) => number[] | string {
  if (format === 'float') return (vector) => vector
  if (format === 'base64') return (vector) => Buffer.from(Float32Array.from(vector).buffer).toString('base64')
  throw wrongValue('encoding_format', format, ['float', 'base64'])
}

function dimensionsOf(asked: unknown, model: string): number {
  const most = /-3-large/.test(model) ? 3072 : 1536
  if (asked === undefined || asked === null) return most
  if (typeof asked !== 'number' || !Number.isInteger(asked)) throw wrongType('dimensions', 'an integer', asked)
  if (/ada-002/.test(model)) throw invalid('This model does not support specifying dimensions.')
  if (asked >= 1 && asked <= most) return asked
  const rule = asked < 1 ? 'Must be greater than or equal to 1' : `Must be less than or equal to ${most}`
  throw invalid(`Invalid value for 'dimensions' = ${asked}. ${rule}.`)
}

/** By what was asked, for nothing is remembered. */
function requestIdOf(asked: string): string {
  return `req_${shortDigest(asked).padStart(32, '0')}`
}

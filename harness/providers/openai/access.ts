/** Who may ask, and for which model: what is looked at before the conversation. */
import type { Anything } from '../../contracts/checks.js'
import type { WireRequest } from '../../contracts/provider.js'
import { invalid } from './error.js'
import { requireText } from './fields.js'

/** Compatible servers ask for no key, know models of others, and take fields that OpenAI's own do not. */
export function isVendors(url: string): boolean {
  return /(?:^|\.)(?:openai\.com|azure\.com)$/.test(new URL(url).hostname)
}

export function authenticate(request: WireRequest): void {
  if (!isVendors(request.url) || request.header('authorization') || request.header('api-key')) return
  const message =
    "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth " +
    "(i.e. Authorization: Bearer YOUR_KEY), or as the password field (with blank username) if you're accessing the API " +
    'from your browser and are prompted for a username and password. You can obtain an API key from ' +
    'https://platform.openai.com/account/api-keys.'
  throw invalid(message, { status: 401, reason: 'unauthenticated' })
}

/** Azure names it in the path. */
export function modelOf(body: Anything, url: string): string {
  const deployment = /\/deployments\/([^/]+)\//.exec(new URL(url).pathname)?.[1]
  if (body.model === undefined && deployment !== undefined) return deployment
  if (body.model === undefined) throw invalid('you must provide a model parameter', { reason: 'missing-field' })
  const model = requireText(body, 'model')
  if (model === '' || (isVendors(url) && others.test(model))) {
    const message = `The model \`${model}\` does not exist or you do not have access to it.`
    throw invalid(message, { status: 404, code: 'model_not_found', reason: 'unknown-model' })
  }
  return model
}

/** Models of other vendors, which an agent with a fallback may ask the wrong one for. */
const others = /^(?:claude|gemini|mistral|codestral|command|deepseek|grok|llama|qwen)-/i

/** Models that think before they answer. */
export function isReasoning(model: string): boolean {
  return /^(?:o\d|gpt-(?:[5-9]|\d\d))/.test(model) && !model.includes('-chat')
}

/** Who may ask, and for which models: what is looked at before the conversation. */
import type { WireRequest } from '../../contracts/provider.js'
import { invalid } from './error.js'

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

/** Whether the vendor has the model, as far as its name tells: of compatible servers nobody knows. */
export function isThere(model: string, url: string): boolean {
  return model !== '' && !(isVendors(url) && others.test(model))
}

/** Models of other vendors, which an agent with a fallback may ask the wrong one for. */
const others = /^(?:claude|gemini|mistral|codestral|command|deepseek|grok|llama|qwen)-/i

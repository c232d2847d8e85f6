/** Anthropic's Messages API, message threads included: requests read and refused as the real API does, answers as bytes. */
import { type ModelEndpoint, type Provider, prefixedCallIds, simulatedKeyMark } from '../../contracts/provider.js'
import { stopReasons } from './answer.js'
import { countTokens } from './count-tokens.js'
import { statusOf } from './error.js'
import { inputLacks } from './inputs.js'
import { listPrices } from './prices.js'
import { openSession } from './session.js'

declare module '../../contracts/agent.js' {
  interface ModelEndpoints {
    readonly anthropic: ModelEndpoint
  }
}

/**
 * Anthropic's Messages API, streams and message threads included. It is always there; an agent finds it as
 * `endpoints.anthropic`.
 */
export const anthropic: Provider = {
  name: 'anthropic',
  apis: {
    messages: {
      routes: [
        { method: 'POST', path: '/v1/messages', at: 'anywhere' },
        // Many other services have messages too.
        { method: 'POST', path: '/messages', at: 'own' },
      ],
      stops: stopReasons,
      lacks: inputLacks,
      open: openSession,
    },
  },
  utilities: { 'count-tokens': countTokens },
  notSimulated: {
    '/v1/messages/batches': 'message batches',
    '/v1/files': 'files',
    '/v1/models': 'lists of models',
    '/v1/complete': 'text completions',
    '/v1/skills': 'skills',
  },
  origins: ['https://api.anthropic.com', 'https://*.anthropic.com'],
  environment: {
    // The shape of a real key, for clients that look at it; it is none.
    key: `sk-ant-api03-${simulatedKeyMark}-not-a-secret-AA`,
    keyIn: ['ANTHROPIC_API_KEY'],
    baseURLIn: ['ANTHROPIC_BASE_URL'],
    unset: ['ANTHROPIC_AUTH_TOKEN', 'ANTHROPIC_CUSTOM_HEADERS', 'ANTHROPIC_PROFILE'],
  },
  prices: listPrices,
  callIds: prefixedCallIds('toolu_01'),
  statusOf,
}

/** OpenAI's Chat Completions and Responses: requests read and refused as the real API does, answers as bytes. */
import { type ModelEndpoint, type Provider, prefixedCallIds, simulatedKeyMark } from '../../contracts/provider.js'
import { stopReasons as chatStops } from './chat/answer.js'
import { openSession as openChat } from './chat/session.js'
import { embeddings } from './embeddings.js'
import { statusOf } from './error.js'
import { listPrices } from './prices.js'
import { stopReasons as responsesStops } from './responses/answer.js'
import { openSession as openResponses } from './responses/session.js'
import { conversations } from './responses/utility.js'

declare module '../../contracts/agent.js' {
  interface ModelEndpoints {
    readonly openai: ModelEndpoint
  }
}

/**
 * OpenAI's Chat Completions and Responses, streams and stored responses included. It is always there; an agent finds it as
 * `endpoints.openai`. Servers that speak its form, as gateways, Azure and local ones do, are answered too.
 */
export const openai: Provider = {
  name: 'openai',
  apis: {
    chat: {
      routes: [
        { method: 'POST', path: '/v1/chat/completions', at: 'anywhere' },
        // As Azure has it.
        { method: 'POST', path: '/deployments/*/chat/completions', at: 'own' },
        // No other API has this path, and not every vendor of this form has a version in it.
        { method: 'POST', path: '/chat/completions', at: 'anywhere' },
      ],
      stops: chatStops,
      open: openChat,
    },
    responses: {
      routes: [
        { method: 'POST', path: '/v1/responses', at: 'anywhere' },
        // Surveys have responses too.
        { method: 'POST', path: '/responses', at: 'own' },
      ],
      stops: responsesStops,
      open: openResponses,
    },
  },
  utilities: { embeddings, conversations },
  origins: [
    'https://api.openai.com',
    'https://*.openai.com',
    'https://*.openai.azure.com',
    'https://*.services.ai.azure.com',
    'https://*.cognitiveservices.azure.com',
  ],
  environment: {
    // The shape of a real key, for clients that look at it; it is none.
    key: `sk-proj-${simulatedKeyMark}-not-a-secret`,
    keyIn: ['OPENAI_API_KEY', 'AZURE_OPENAI_API_KEY'],
    baseURLIn: ['OPENAI_BASE_URL'],
    unset: ['OPENAI_ADMIN_KEY', 'OPENAI_ORG_ID', 'OPENAI_PROJECT_ID', 'OPENAI_CUSTOM_HEADERS'],
  },
  prices: listPrices,
  notSimulated: {
    '/v1/images': 'images',
    '/v1/videos': 'videos',
    '/v1/audio': 'audio',
    '/v1/realtime': 'realtime sessions',
    '/v1/files': 'files',
    '/v1/batches': 'batches',
    '/v1/vector_stores': 'vector stores',
    '/v1/fine_tuning': 'fine-tuning',
    '/v1/models': 'lists of models',
  },
  callIds: prefixedCallIds('call_'),
  statusOf,
}

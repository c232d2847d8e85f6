/** Google's Gemini API: requests read and refused as the real API does, answers as bytes. Vertex AI is none of it. */
import { type ModelEndpoint, type Provider, simulatedKeyMark } from '../../contracts/provider.js'
import { finishReasons } from './answer.js'
import { statusOf } from './error.js'
import { listPrices } from './prices.js'
import { routesOf } from './routes.js'
import { openSession } from './session.js'
import { utilities } from './utilities.js'

declare module '../../contracts/agent.js' {
  interface ModelEndpoints {
    readonly gemini: ModelEndpoint
  }
}

/**
 * Google's Gemini API, `generateContent` and `streamGenerateContent`. It is always there; an agent finds it as
 * `endpoints.gemini`.
 */
export const gemini: Provider = {
  name: 'gemini',
  apis: {
    'generate-content': {
      routes: [...routesOf('generateContent'), ...routesOf('streamGenerateContent')],
      stops: finishReasons,
      open: openSession,
    },
  },
  utilities,
  notSimulated: {
    '/v1beta/interactions': 'interactions',
    '/v1beta/files': 'files',
    '/upload/v1beta/files': 'files',
    '/v1beta/cachedContents': 'cached contents',
    '/v1beta/batches': 'batches',
    '/v1beta/models': 'lists of models, batches, images and videos',
    '/ws': 'live sessions',
  },
  origins: ['https://generativelanguage.googleapis.com'],
  environment: {
    // The shape of a real key, for clients that look at it; it is none.
    key: `AIza${simulatedKeyMark}-not-a-secret`,
    keyIn: ['GEMINI_API_KEY', 'GOOGLE_API_KEY', 'GOOGLE_GENERATIVE_AI_API_KEY', 'GOOGLE_GENAI_API_KEY'],
    baseURLIn: ['GOOGLE_GEMINI_BASE_URL'],
    unset: [
      'GOOGLE_GENAI_USE_VERTEXAI',
      'GOOGLE_GENAI_USE_ENTERPRISE',
      'GOOGLE_VERTEX_BASE_URL',
      'GOOGLE_CLOUD_PROJECT',
      'GOOGLE_CLOUD_LOCATION',
      'GOOGLE_GENAI_API_VERSION',
    ],
  },
  prices: listPrices,
  // Ids are the model's own, as letters and digits.
  callIds: { write: (id) => id, read: (id) => id },
  statusOf,
}

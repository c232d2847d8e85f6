/** Google's Gemini API: requests read and refused as the real API does, answers as bytes. Vertex AI is none of it. */
import { type ModelEndpoint, type Provider, type Route, simulatedKeyMark } from '../../contracts/provider.js'
import { finishReasons } from './answer.js'
import { statusOf } from './error.js'
import { listPrices } from './prices.js'
import { openSession } from './session.js'

declare module '../../contracts/agent.js' {
  interface ModelEndpoints {
    readonly gemini: ModelEndpoint
  }
}

const versions = ['v1beta', 'v1', 'v1alpha']

/** Some clients' base URLs end with the version. */
function routesTo(method: string): Route[] {
  const path = `/models/*:${method}`
  return [
    ...versions.map((version): Route => ({ method: 'POST', path: `/${version}${path}`, at: 'anywhere' })),
    { method: 'POST', path, at: 'own' },
  ]
}

/**
 * Google's Gemini API, `generateContent` and `streamGenerateContent`. It is always there; an agent finds it as
 * `endpoints.gemini`.
 */
export const gemini: Provider = {
  name: 'gemini',
  apis: {
    'generate-content': {
      routes: [...routesTo('generateContent'), ...routesTo('streamGenerateContent')],
      stops: finishReasons,
      open: openSession,
    },
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

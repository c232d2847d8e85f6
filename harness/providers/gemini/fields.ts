/**
 * Reads JSON as the real API does, by the messages that its fields hold. Names come in lowerCamelCase or in snake_case,
 * a single item may stand for a list, and a name that no message has is refused. All that is wrong is told at once.
 */
import { type Anything, isRecord } from '../../contracts/checks.js'
import { malformedRequest, type Violation } from './error.js'

/** What a field may hold. `any` is JSON of whatever form. */
type Field =
  | 'any'
  | 'text'
  | 'value'
  | 'struct'
  | { readonly list: Field }
  | { readonly map: () => MessageType }
  | MessageType

/** The fields that a message has, by their names in lowerCamelCase. */
export interface MessageType {
  readonly name: string
  readonly fields: Readonly<Record<string, Field>>
}

const values = { list: 'value' } as const

const schema: MessageType = {
  name: 'Schema',
  fields: {
    type: 'text',
    format: 'text',
    title: 'text',
    description: 'text',
    nullable: 'value',
    enum: values,
    maxItems: 'value',
    minItems: 'value',
    get properties(): Field {
      return { map: () => schema }
    },
    required: values,
    minProperties: 'value',
    maxProperties: 'value',
    minLength: 'value',
    maxLength: 'value',
    pattern: 'text',
    example: 'any',
    get anyOf(): Field {
      return { list: schema }
    },
    propertyOrdering: values,
    default: 'any',
    get items(): Field {
      return schema
    },
    minimum: 'value',
    maximum: 'value',
  },
}

const part: MessageType = {
  name: 'Part',
  fields: {
    text: 'text',
    inlineData: 'any',
    fileData: 'any',
    functionCall: { name: 'FunctionCall', fields: { id: 'text', name: 'text', args: 'struct' } },
    functionResponse: {
      name: 'FunctionResponse',
      fields: { id: 'text', name: 'text', response: 'struct', parts: 'any', scheduling: 'text', willContinue: 'value' },
    },
    executableCode: 'any',
    codeExecutionResult: 'any',
    toolCall: 'any',
    toolResponse: 'any',
    audioTranscription: 'any',
    thought: 'value',
    thoughtSignature: 'text',
    videoMetadata: 'any',
    mediaResolution: 'any',
    mediaProcessing: 'any',
    partMetadata: 'any',
    speechMetadata: 'any',
  },
}

export const content: MessageType = { name: 'Content', fields: { role: 'text', parts: { list: part } } }

const tool: MessageType = {
  name: 'Tool',
  fields: {
    functionDeclarations: {
      list: {
        name: 'FunctionDeclaration',
        fields: {
          name: 'text',
          description: 'text',
          behavior: 'text',
          parameters: schema,
          parametersJsonSchema: 'any',
          response: schema,
          responseJsonSchema: 'any',
        },
      },
    },
    googleSearch: 'any',
    googleSearchRetrieval: 'any',
    codeExecution: 'any',
    urlContext: 'any',
    computerUse: 'any',
    fileSearch: 'any',
    googleMaps: 'any',
    mcpServers: 'any',
  },
}

const generationConfig: MessageType = {
  name: 'GenerationConfig',
  fields: {
    stopSequences: values,
    candidateCount: 'value',
    maxOutputTokens: 'value',
    temperature: 'value',
    topP: 'value',
    topK: 'value',
    seed: 'value',
    presencePenalty: 'value',
    frequencyPenalty: 'value',
    responseLogprobs: 'value',
    logprobs: 'value',
    responseMimeType: 'text',
    responseSchema: schema,
    responseJsonSchema: 'any',
    responseFormat: 'any',
    responseModalities: values,
    enableEnhancedCivicAnswers: 'value',
    enableAffectiveDialog: 'value',
    mediaResolution: 'text',
    speechConfig: 'any',
    imageConfig: 'any',
    audioTranscriptionConfig: 'any',
    translationConfig: 'any',
    thinkingConfig: {
      name: 'ThinkingConfig',
      fields: { includeThoughts: 'value', thinkingBudget: 'value', thinkingLevel: 'text' },
    },
  },
}

const toolConfig: MessageType = {
  name: 'ToolConfig',
  fields: {
    functionCallingConfig: {
      name: 'FunctionCallingConfig',
      fields: { mode: 'text', allowedFunctionNames: values },
    },
    retrievalConfig: 'any',
    includeServerSideToolInvocations: 'value',
  },
}

/** All of a request but its contents, which are read one by one. */
export const generateContentRequest: MessageType = {
  name: 'GenerateContentRequest',
  fields: {
    model: 'text',
    contents: 'any',
    systemInstruction: content,
    tools: { list: tool },
    toolConfig,
    safetySettings: {
      list: { name: 'SafetySetting', fields: { category: 'text', threshold: 'text', method: 'text' } },
    },
    generationConfig,
    cachedContent: 'text',
    serviceTier: 'text',
    labels: 'any',
    store: 'value',
    continuationToken: 'text',
  },
}

export const countTokensRequest: MessageType = {
  name: 'CountTokensRequest',
  fields: { model: 'text', contents: 'any', generateContentRequest: 'any' },
}

export const embedContentRequest: MessageType = {
  name: 'EmbedContentRequest',
  fields: {
    model: 'text',
    content,
    taskType: 'text',
    title: 'text',
    outputDimensionality: 'value',
    embedContentConfig: 'any',
  },
}

export const batchEmbedContentsRequest: MessageType = {
  name: 'BatchEmbedContentsRequest',
  fields: { model: 'text', requests: { list: embedContentRequest } },
}

/** The message that `value` is, its names in lowerCamelCase. Throws `Refused`; `at` is where it stands in the request. */
export function readMessage(value: unknown, message: MessageType, at: string): Anything {
  const reader = new FieldsReader()
  const read = reader.message(value, message, at)
  if (reader.violations.length > 0) throw malformedRequest(reader.violations)
  return read
}

/** Messages that were read before, as they came out of the parser. A request repeats those of the one before it. */
const known = new WeakMap<object, Anything>()

class FieldsReader {
  readonly violations: Violation[] = []

  message(value: unknown, message: MessageType, at: string): Anything {
    const before = isRecord(value) ? known.get(value) : undefined
    if (before) return before
    const { length } = this.violations
    const read = this.#read(value, message, at)
    if (isRecord(value) && this.violations.length === length) known.set(value, read)
    return read
  }

  #read(value: unknown, { name, fields }: MessageType, at: string): Anything {
    if (!isRecord(value)) {
      this.#refuseType(value, `type.googleapis.com/google.ai.generativelanguage.v1beta.${name}`, at)
      return {}
    }
    const read: Record<string, unknown> = {}
    for (const [given, held] of Object.entries(value)) {
      const known = Object.hasOwn(fields, given) ? given : camelCase(given)
      const field = Object.hasOwn(fields, known) ? fields[known] : undefined
      if (field === undefined) this.#refuseName(given, at, 'Cannot find field.')
      // Null is as if the field were not there.
      else if (held !== null) read[known] = this.#field(held, field, at, given)
    }
    return read
  }

  #field(value: unknown, field: Field, at: string, given: string): unknown {
    const here = at === '' ? snakeCase(given) : `${at}.${snakeCase(given)}`
    if (field === 'any') return value
    if (typeof field === 'object' && 'list' in field) {
      const items = Array.isArray(value) ? value : [value]
      return items.map((item, index) => this.#item(item, field.list, `${here}[${index}]`))
    }
    if (Array.isArray(value)) {
      this.#refuseName(given, at, 'Proto field is not repeating, cannot start list.')
      return undefined
    }
    if (typeof field === 'object' && 'map' in field) return this.#map(value, field.map(), here)
    return this.#item(value, field, here)
  }

  #item(value: unknown, field: Field, at: string): unknown {
    if (typeof field === 'object' && 'name' in field) return this.message(value, field, at)
    if (field === 'struct') {
      if (!isRecord(value)) this.#refuseType(value, 'type.googleapis.com/google.protobuf.Struct', at)
    } else if (field === 'text') {
      if (typeof value !== 'string') this.#refuseType(value, 'TYPE_STRING', at)
    }
    return value
  }

  #map(value: unknown, message: MessageType, at: string): Anything {
    if (!isRecord(value)) {
      this.#refuseType(value, `type.googleapis.com/google.ai.generativelanguage.v1beta.${message.name}`, at)
      return {}
    }
    const entries = Object.entries(value)
    return Object.fromEntries(
      entries.map(([key, item], index) => [key, this.message(item, message, `${at}[${index}].value`)]),
    )
  }

  #refuseName(given: string, at: string, why: string): void {
    const where = at === '' ? '' : ` at '${at}'`
    this.violations.push({
      field: at,
      description: `Invalid JSON payload received. Unknown name "${given}"${where}: ${why}`,
    })
  }

  #refuseType(value: unknown, type: string, at: string): void {
    this.violations.push({ field: at, description: `Invalid value at '${at}' (${type}), ${JSON.stringify(value)}` })
  }
}

function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/**
 * A span for everything that an agent does, by the conventions that OpenTelemetry has for generative AI. It depends on
 * nothing else and can be copied into any agent; where the spans go is for whoever runs it to say.
 */
import { type Attributes, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'

const subjects = { invoke_agent: 'gen_ai.agent.name', chat: 'gen_ai.request.model', execute_tool: 'gen_ai.tool.name' }

/** Runs `work` in a span of its own. An error that leaves it marks the span and goes on; the span ends in any case. */
export function withSpan<T>(
  operation: keyof typeof subjects,
  name: string,
  work: (span: Span) => Promise<T>,
  more: Attributes = {},
): Promise<T> {
  const attributes = { 'gen_ai.operation.name': operation, [subjects[operation]]: name, ...more }
  const kind = operation === 'chat' ? SpanKind.CLIENT : SpanKind.INTERNAL
  return trace.getTracer('agent').startActiveSpan(`${operation} ${name}`, { attributes, kind }, async (span) => {
    try {
      return await work(span)
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', typeOf(error))
      throw error
    } finally {
      span.end()
    }
  })
}

export type WithSpan = typeof withSpan

/** In one word: a code where there is one, or a status. */
function typeOf(error: unknown): string {
  const { code, status, name } = (error ?? {}) as Readonly<Record<string, unknown>>
  return String(code ?? status ?? name ?? 'unknown')
}

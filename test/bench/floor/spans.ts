/** OpenTelemetry as an agent has it: the SDK's own provider, and an exporter that keeps spans in memory. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { type Context, type ContextManager, context, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'

/** As the SDK's for Node is; that is one package more. */
class AsyncContext implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>()
  readonly active = (): Context => this.#storage.getStore() ?? ROOT_CONTEXT
  readonly with: ContextManager['with'] = (own, work, self, ...args) =>
    this.#storage.run(own, () => work.call(self as never, ...args))
  readonly bind: ContextManager['bind'] = (_own, target) => target
  readonly enable = () => this
  readonly disable = () => this
}

/** From now on the agent's spans are kept, until the function that comes back is called: how many there were. */
export function keepSpans(): () => number {
  const exporter = new InMemorySpanExporter()
  context.setGlobalContextManager(new AsyncContext())
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }))
  return () => {
    const count = exporter.getFinishedSpans().length
    exporter.reset()
    return count
  }
}

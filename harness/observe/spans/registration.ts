/**
 * Puts the trial's tracers and contexts in the place of those that are registered with the global API of OpenTelemetry,
 * and gives that place back.
 */
import { context, type ProxyTracerProvider, type Tracer, type TracerProvider, trace } from '@opentelemetry/api'
import { type Callable, Patches } from '../../sandbox/stubs/patches.js'
import { AsyncContexts } from './contexts.js'
import { tracers } from './tracer.js'

/** Where every copy of the API, of any version 1, looks for what is registered. */
const registry = Symbol.for('opentelemetry.js.api.1')

interface Registered {
  trace?: TracerProvider
  context?: unknown
}

/**
 * From now on spans go to the trial that is entered. Whatever the user's modules have registered before is set aside,
 * and what the agent registers meanwhile is refused, as OpenTelemetry refuses any second registration. Returns the undo.
 */
export function registerTracers(): () => void {
  const before = registration()
  const contexts = new AsyncContexts()
  const undo = [captureContexts(contexts, before?.context), captureTracers(before?.trace)]
  return () => {
    for (const step of undo) step()
    contexts.disable()
  }
}

function registration(): Registered | undefined {
  return Reflect.get(globalThis, registry) as Registered | undefined
}

function captureContexts(contexts: AsyncContexts, before: unknown): () => void {
  const now = registration()
  if (now) now.context = contexts
  else context.setGlobalContextManager(contexts)
  return () => {
    const then = registration()
    if (!then) return
    if (before === undefined) delete then.context
    else then.context = before
  }
}

/**
 * Modules hold on to what they once asked for. A tracer of the API's proxy follows the proxy's delegate. One of the
 * provider that stood behind it is led here by its class.
 */
function captureTracers(before: TracerProvider | undefined): () => void {
  if (before === undefined) {
    if (!trace.setGlobalTracerProvider(tracers)) replaceTracers(tracers)
    return () => trace.disable()
  }
  const patches = new Patches()
  const proxy = isProxy(before) ? before : undefined
  const provider = proxy?.getDelegate() ?? before
  patches.replace(Object.getPrototypeOf(provider.getTracer('agent-chaos')), 'startSpan', leadingHere)
  if (proxy) proxy.setDelegate(tracers)
  else replaceTracers(tracers)
  return () => {
    patches.undo()
    proxy?.setDelegate(provider)
    replaceTracers(before)
  }
}

/** By its shape: the user's modules may have another copy of the API. */
function isProxy(provider: TracerProvider): provider is ProxyTracerProvider {
  return 'getDelegate' in provider && 'setDelegate' in provider
}

function replaceTracers(provider: TracerProvider): void {
  const now = registration()
  if (now) now.trace = provider
  else trace.setGlobalTracerProvider(provider)
}

interface NamedTracer {
  readonly instrumentationScope?: { readonly name: string }
}

function leadingHere(): Callable {
  return function startSpan(this: unknown, ...args) {
    const { instrumentationScope } = this as NamedTracer
    const [name, options, within] = args as Parameters<Tracer['startSpan']>
    return tracers.getTracer(instrumentationScope?.name ?? 'unknown').startSpan(name, options, within)
  }
}

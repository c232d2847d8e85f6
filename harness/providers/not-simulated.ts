/**
 * APIs of models that people use and that are not simulated. By this list a request to one is told from one to any
 * other service. A vendor that gets a provider leaves this list.
 */

const hosts: readonly (readonly [host: RegExp, vendor: string])[] = [
  [/^([a-z0-9-]+-)?aiplatform\.googleapis\.com$/, 'Google Vertex AI'],
  [/^bedrock-runtime[a-z0-9.-]*\.amazonaws\.com$/, 'Amazon Bedrock'],
  [/^api\.mistral\.ai$/, 'Mistral'],
  [/^api\.groq\.com$/, 'Groq'],
  [/^api\.cohere\.(ai|com)$/, 'Cohere'],
  [/^api\.deepseek\.com$/, 'DeepSeek'],
  [/^api\.x\.ai$/, 'xAI'],
  [/^api\.together\.(ai|xyz)$/, 'Together'],
  [/^api\.fireworks\.ai$/, 'Fireworks'],
  [/^api\.cerebras\.ai$/, 'Cerebras'],
  [/^api\.perplexity\.ai$/, 'Perplexity'],
  [/^openrouter\.ai$/, 'OpenRouter'],
  [/^ai-gateway\.vercel\.sh$/, "Vercel's AI Gateway"],
  [/^(router|api-inference)\.huggingface\.co$/, 'Hugging Face'],
]

/** Forms that other servers speak too: gateways, and models that run on one's own machine. */
const paths: readonly (readonly [path: RegExp, vendor: string])[] = [
  [/\/v1\/completions$/, "OpenAI's form"],
  [/\/api\/(chat|generate)$/, "Ollama's form"],
  [/\/publishers\/[^/]+\/models\/[^/]+:[a-z]+$/i, "Vertex AI's form"],
]

/** Whose API of models a request to this address would reach; `undefined` where it is none that is known. */
export function vendorOf(url: string): string | undefined {
  const { hostname, pathname } = new URL(url)
  const found = hosts.find(([host]) => host.test(hostname)) ?? paths.find(([path]) => path.test(pathname))
  return found?.[1]
}

/**
 * Thought signatures: what the model thought, sealed, to be handed back as it came. Newer models take no function call
 * back without it. One that was made up or changed is refused. They follow from the answer, so that they never vary.
 */
import { shortDigest } from '../../contracts/digest.js'
import { invalid, malformedRequest } from './error.js'

/** The signature of an answer that says this. */
export function signatureOf(answer: string): string {
  const thought = shortDigest(`thought ${answer}`)
  return Buffer.from(thought + sealOf(thought)).toString('base64')
}

/** Taken in place of a signature, as documented, for calls that another model made. */
const standIns = new Set(['skip_thought_signature_validator', 'context_engineering_is_the_way_to_go'])

/** Throws `Refused` for a signature that no answer had. */
export function checkSignature(signature: string): void {
  if (standIns.has(signature)) return
  const sealed = Buffer.from(signature, 'base64').toString()
  const thought = sealed.slice(0, digestLength)
  if (sealed.slice(digestLength) !== sealOf(thought))
    throw invalid('Corrupted thought signature.', 'unverified-reasoning')
}

const digestLength = 16
const base64 = /^[A-Za-z0-9+/_-]*={0,2}$/

/** Throws `Refused` for what is no base64, as the field's type has it. */
export function checkEncoding(signature: string, at: string): void {
  if (base64.test(signature)) return
  const field = `${at}.thought_signature`
  const why = `(TYPE_BYTES), Base64 decoding failed for ${JSON.stringify(signature)}`
  throw malformedRequest([{ field, description: `Invalid value at '${field}' ${why}` }], 'unverified-reasoning')
}

export function missingSignature(name: string, position: number): Error {
  return invalid(
    'Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, ' +
      'and missing thought_signature may lead to degraded model performance. Additional data, function call ' +
      `\`default_api:${name}\` , position ${position}. Please refer to ` +
      'https://ai.google.dev/gemini-api/docs/thought-signatures for more details.',
    'incomplete-reasoning',
  )
}

function sealOf(thought: string): string {
  return shortDigest(`sealed ${thought}`)
}

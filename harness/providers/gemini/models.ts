/** What models of different generations do differently on this wire. A name that says nothing is taken for the newest. */

/** Gives each function call an id, signs its thoughts, and takes no function call back whose signature is missing. */
export function signsCalls(model: string): boolean {
  return generationOf(model) >= 3
}

/** As above; models that make images ask for no signature. */
export function needsSignatures(model: string): boolean {
  return signsCalls(model) && !/image/.test(model)
}

/** Takes function declarations and `responseMimeType: 'application/json'` together. */
export function structuresBesideTools(model: string): boolean {
  return generationOf(model) >= 3
}

function generationOf(model: string): number {
  if (/^gemma|^learnlm/.test(model)) return 0
  const found = /^gemini-(\d+)/.exec(model)
  return found ? Number(found[1]) : newest
}

const newest = 3

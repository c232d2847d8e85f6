/** Circles in a graph of imports: its strongly connected components of more than one file (Tarjan, 1972). */
export function circlesIn(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = []
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const path: string[] = []
  const at = (numbers: Map<string, number>, file: string) => numbers.get(file) ?? 0

  const visit = (file: string): void => {
    order.set(file, order.size)
    lowest.set(file, at(order, file))
    path.push(file)
    for (const next of imports.get(file) ?? []) {
      if (!imports.has(next)) continue
      if (!order.has(next)) visit(next)
      if (path.includes(next)) lowest.set(file, Math.min(at(lowest, file), at(lowest, next)))
    }
    if (at(lowest, file) !== at(order, file)) return
    const circle = path.splice(path.indexOf(file))
    if (circle.length > 1) found.push(circle.sort())
  }

  for (const file of imports.keys()) if (!order.has(file)) visit(file)
  return found
}

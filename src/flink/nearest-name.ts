/** Number of single-character insertions, deletions, replacements and neighbour swaps that turn `a` into `b`. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1))
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1)
      row.push(best)
    }
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}

/**
 * The candidate that begins with `name`, or has it in it, or else the closest one (the first of equals); undefined when none is like it.
 * Letter case costs nothing.
 */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  const wanted = name.toLowerCase()
  const whole = wanted.length < SHORTEST_PART ? undefined : withPart(wanted, candidates)
  if (whole !== undefined) return whole
  let best: string | undefined
  let bestDistance = mostChanges(wanted) + 1
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** What a message says behind a name that there is not: which one may be meant, or nothing where none is like it. */
export function didYouMean(name: string, candidates: readonly string[]): string {
  const nearest = nearestName(name, candidates)
  return nearest === undefined ? '' : ` (did you mean ${nearest}?)`
}

/** Slips of the pen that a name may have; something of it must be right. */
function mostChanges({ length }: string): number {
  return Math.min(length - 1, Math.max(2, Math.floor(length / 3)))
}

/** Less is in too many names by chance. */
const SHORTEST_PART = 4

/** Of those that begin with the part, or else of those that have it in them, the shortest. */
function withPart(part: string, candidates: readonly string[]): string | undefined {
  const names = candidates.map((candidate) => ({ candidate, name: candidate.toLowerCase() })).filter(({ name }) => name.includes(part))
  const first = names.filter(({ name }) => name.startsWith(part))
  const [shortest] = (first.length > 0 ? first : names).toSorted((a, b) => a.name.length - b.name.length)
  return shortest?.candidate
}

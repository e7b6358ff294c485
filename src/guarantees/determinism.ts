import type { HistoryHeader } from '../history/index.js'
import { upstreamOf } from './operator-shapes.js'

/**
 * Records are judged by their identities, and a replay makes the same identities only where operators are deterministic. Behind one that
 * is not (it looks at the clock, or says so itself) a record that is missing may have come as another, and nothing can be said of it. Nor
 * can it where a source gives one identity to several records.
 */

/** Why records that come to an operator cannot be told by their identities; undefined when they can. */
export function whyUnidentified(header: HistoryHeader, operator: string): string | undefined {
  const upstream = upstreamOf(header, operator)
  for (const { name, deterministic, sharedIdentities } of header.operators) {
    if (name === operator || !upstream.has(name)) continue
    if (deterministic === false)
      return `${name} is not deterministic: after a recovery it may make other records, which identities do not tell apart from lost ones`
    if (sharedIdentities === true)
      return `records of ${name} have identities that other records have, too: splits have the same names, and nothing tells them apart`
  }
  return undefined
}

/** The same for operator state as a whole: why that of some operator cannot be judged. */
export function whyStateUnidentified(header: HistoryHeader): string | undefined {
  for (const { name, stateful } of header.operators) {
    const why = stateful === true ? whyUnidentified(header, name) : undefined
    if (why !== undefined) return why
  }
  return undefined
}

/** The same for the output of all observed sinks. */
export function whyOutputUnidentified(header: HistoryHeader): string | undefined {
  for (const { name, role } of header.operators) {
    const why = role === 'sink' ? whyUnidentified(header, name) : undefined
    if (why !== undefined) return why
  }
  return undefined
}

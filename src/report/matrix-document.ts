import type { Coverage, CoveredCell } from '../search/index.js'

/** What `results.json` holds of the fault matrix: a row for each fault, failpoint and role, so that the file stays small. */
export interface MatrixDocument {
  readonly total: number
  readonly covered: number
  readonly unreachable: number
  /** Runs of the campaign, and cells covered after them. */
  readonly curve: readonly (readonly [number, number])[]
  /** Why cells are unreachable; rows point here. */
  readonly reasons: readonly string[]
  readonly scenarios: readonly {
    readonly name: string
    readonly total: number
    readonly covered: number
    readonly unreachable: number
    /** `<fault> <failpoint> <role> <depth 0> <depth 1> <depth 2>`: runs that landed there, or `!<place of the reason>`. */
    readonly rows: readonly string[]
  }[]
}

/** The matrix for a file. */
export function matrixDocument({ total, covered, unreachable, curve, scenarios }: Coverage): MatrixDocument {
  const reasons = [...new Set(scenarios.flatMap(({ cells }) => cells.flatMap(({ reason }) => (reason === undefined ? [] : [reason]))))]
  return {
    total,
    covered,
    unreachable,
    curve,
    reasons,
    scenarios: scenarios.map(({ cells, ...scenario }) => ({ ...scenario, rows: rowsOf(cells, reasons) })),
  }
}

function rowsOf(cells: readonly CoveredCell[], reasons: readonly string[]): string[] {
  const rows = new Map<string, string[]>()
  for (const { fault, failpoint, role, runs, reason } of cells) {
    const name = `${fault} ${failpoint} ${role}`
    const entry = reason === undefined ? String(runs) : `!${String(reasons.indexOf(reason))}`
    rows.set(name, [...(rows.get(name) ?? []), entry])
  }
  return [...rows].map(([name, depths]) => `${name} ${depths.join(' ')}`)
}

/** A cell as `list cells` shows it. */
export interface ListedMatrixCell {
  readonly scenario: string
  readonly fault: string
  readonly failpoint: string
  readonly role: string
  readonly depth: number
  readonly state: 'covered' | 'open' | 'unreachable'
  /** Empty unless it is unreachable. */
  readonly reason: string
  /** Runs that landed there. */
  readonly runs: number
}

/** The cells of a file again, one by one. */
export function cellsOfMatrix({ scenarios, reasons }: MatrixDocument): ListedMatrixCell[] {
  return scenarios.flatMap(({ name: scenario, rows }) =>
    rows.flatMap((row) => {
      const [fault = '', failpoint = '', role = '', ...depths] = row.split(' ')
      return depths.map((entry, depth) => {
        const reason = entry.startsWith('!') ? (reasons[Number(entry.slice(1))] ?? '') : ''
        const runs = entry.startsWith('!') ? 0 : Number(entry)
        const state = entry.startsWith('!') ? ('unreachable' as const) : runs > 0 ? ('covered' as const) : ('open' as const)
        return { scenario, fault, failpoint, role, depth, state, reason, runs }
      })
    }),
  )
}

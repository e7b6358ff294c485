/** A table of a page that a command writes. It stands between two lines that say so; around it the page is written by hand. */

/** Where the table stands, and what its columns are. */
export interface PageTable {
  /** The line before it. */
  readonly begin: string
  /** The line behind it. */
  readonly end: string
  readonly columns: readonly string[]
  /** Columns of numbers, by their place. */
  readonly numbers?: readonly number[]
}

/** Cells of a row, by the name in the first of them. */
export type Rows = ReadonlyMap<string, readonly string[]>

/**
 * The page with the table made anew. A row that was not measured now stays as it was; one that is not in `order` goes.
 * @param order names of the rows, the first cell of each
 */
export function withTable(page: string, { begin, end, columns, numbers = [] }: PageTable, fresh: Rows, order: readonly string[]): string {
  const [before, rest = ''] = page.split(begin)
  const [table, after] = rest.split(end)
  if (before === undefined || table === undefined || after === undefined) throw new Error(`the page needs the lines ${begin} and ${end}`)
  const old = new Map(table.split('\n').flatMap((row) => (row.startsWith('| `') ? [[row.split('`')[1] ?? '', row] as const] : [])))
  const rows = order.flatMap((name) => {
    const cells = fresh.get(name)
    return cells === undefined ? (old.get(name) ?? []) : line([`\`${name}\``, ...cells])
  })
  const lines = [line(columns), line(columns.map((_, place) => (numbers.includes(place) ? '---:' : '---'))), ...rows]
  return `${before}${begin}\n\n${lines.join('\n')}\n\n${end}${after}`
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

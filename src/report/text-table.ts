/** A cell: its text, and how it is painted once its width is known. */
export type TableCell = string | { readonly text: string; readonly painted: (text: string) => string }

/** A column: its heading and on which side it begins. */
export interface TableColumn {
  readonly heading: string
  readonly align?: 'right'
}

/** Rows of text in columns that are as wide as their widest cell, two blanks between them. No line ends in blanks. */
export function textTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly TableCell[])[],
  heading = (text: string) => text,
): string[] {
  const widths = columns.map((column, index) => Math.max(column.heading.length, ...rows.map((row) => textOf(row[index]).length)))
  const line = (cells: readonly TableCell[]): string =>
    columns
      .map((column, index) => padded(cells[index] ?? '', widths[index] ?? 0, column, index === columns.length - 1))
      .join('  ')
      .trimEnd()
  const headings = columns.map(({ heading: text }) => ({ text, painted: heading }))
  return [line(headings), ...rows.map(line)]
}

function padded(cell: TableCell, width: number, { align }: TableColumn, last: boolean): string {
  const text = textOf(cell)
  const blanks = ' '.repeat(width - text.length)
  const shown = typeof cell === 'string' ? text : text === '' ? '' : cell.painted(text)
  if (align === 'right') return blanks + shown
  return last ? shown : shown + blanks
}

function textOf(cell: TableCell | undefined): string {
  return typeof cell === 'string' ? cell : (cell?.text ?? '')
}

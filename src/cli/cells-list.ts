/** `millrace list cells`: the fault matrix that the last campaign has left behind. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { InputError } from '../flink/index.js'
import { cellsOfMatrix, DOCUMENT_SCHEMA, textTable, type ListedMatrixCell, type MatrixDocument } from '../report/index.js'
import type { Terminal } from './terminal.js'

/** Where a campaign leaves its results unless it is told otherwise. */
export const LAST_RESULTS = 'reports/latest/results.json'

const count = z.int().min(0)
const schema = z.object({
  schema: z.literal(DOCUMENT_SCHEMA),
  matrix: z.object({
    total: count,
    covered: count,
    unreachable: count,
    curve: z.array(z.tuple([count, count])),
    reasons: z.array(z.string()),
    scenarios: z.array(
      z.object({
        name: z.string(),
        total: count,
        covered: count,
        unreachable: count,
        rows: z.array(z.string().regex(/^[\w-]+ [\w.-]+ [\w-]+(?: !?\d+)+$/)),
      }),
    ),
  }),
})

/**
 * Prints the cells of a campaign's results.
 * @throws InputError when the file is none of a campaign
 */
export function listCells(path: string, json: boolean, terminal: Terminal): void {
  const matrix = readMatrix(path)
  const { total, covered, unreachable } = matrix
  const cells = cellsOfMatrix(matrix)
  if (json) terminal.document({ schema: DOCUMENT_SCHEMA, total, covered, unreachable, cells })
  else terminal.out(linesOf(matrix, cells, terminal))
}

function readMatrix(path: string): MatrixDocument {
  const where = `--from ${path}`
  const value = parsed(textOf(path, where), where)
  const { data, error } = schema.safeParse(value)
  if (data !== undefined) return data.matrix
  const [issue] = error.issues
  throw new InputError(`${where} $.${issue?.path.map(String).join('.') ?? ''}`, issue?.message ?? 'no results of a campaign', REMEDY)
}

const REMEDY = 'a results.json that millrace run of this version has written'

function textOf(path: string, where: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const why = error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'there is no such file' : 'cannot be read'
    throw new InputError(where, why, `${REMEDY}; run a campaign first`)
  }
}

function parsed(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new InputError(where, 'not JSON, or cut short', REMEDY)
  }
}

function linesOf({ scenarios, reasons }: MatrixDocument, cells: readonly ListedMatrixCell[], { paint }: Terminal): string[] {
  const summary = scenarios.map(({ name, total, covered, unreachable }) =>
    [name, total, covered, total - covered - unreachable, unreachable].map(String),
  )
  const open = cells.filter(({ state }) => state === 'open')
  const rows = open.map(({ scenario, fault, failpoint, role, depth }) => [scenario, fault, failpoint, role, String(depth)])
  const headings = (...names: readonly string[]): { readonly heading: string }[] => names.map((heading) => ({ heading }))
  return [
    ...textTable(headings('scenario', 'cells', 'covered', 'open', 'unreachable'), summary, paint.bold),
    ...(open.length === 0 ? [] : ['', ...textTable(headings('open', 'fault', 'failpoint', 'role', 'depth'), rows, paint.bold)]),
    ...(reasons.length === 0 ? [] : ['', 'unreachable because']),
    ...reasons.map((reason) => `  ${String(cells.filter((cell) => cell.reason === reason).length)} cells: ${reason}`),
  ]
}

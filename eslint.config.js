/**
 * What the compiler cannot see: determinism and plain style. Which rooms must be deterministic is data in test/rooms.json.
 * `test/laws.test.ts` proves on bad snippets that each determinism rule bites.
 */
import { createRequire } from 'node:module'
import tseslint from 'typescript-eslint'

const { rooms } = createRequire(import.meta.url)('./test/rooms.json')

const deterministic = rooms.filter((room) => room.deterministic === true)
const filesOf = (some) => some.map((room) => `${room.path}/**/*.ts`)
/** Files of deterministic rooms that may do input and output (history-file.ts). */
const ioFiles = deterministic.flatMap((room) => (room.node ?? []).map((file) => `${room.path}/${file}`))
const named = (...names) => filesOf(rooms.filter((room) => names.includes(room.name)))
const tests = ['**/*.test.ts', 'test/**/*.ts', 'properties/**/*.ts']

const seeded = 'ask the driver: `context.choose`, or a named stream'
const clock = 'time is what the driver says: `context.now`, `context.elapsed`, timers of the world'
const io = 'input and output live in src/cli, src/report, src/flink, src/search and src/history/history-file.ts'
const locale = 'depends on the locale of the machine'
const digits = 'its last digits depend on the version of the engine that runs it; use integers'

const forbiddenGlobals = {
  Date: clock,
  performance: clock,
  setTimeout: clock,
  setInterval: clock,
  setImmediate: clock,
  queueMicrotask: 'steps are synchronous',
  Promise: 'steps are synchronous',
  crypto: seeded,
  process: io,
  console: io,
  fetch: io,
  require: io,
  Intl: locale,
  WeakRef: 'shows when memory is collected',
  FinalizationRegistry: 'shows when memory is collected',
  globalThis: 'a way around all other rules',
  global: 'a way around all other rules',
}

const forbiddenProperties = [
  { object: 'Math', property: 'random', message: seeded },
  ...['sin', 'cos', 'tan', 'exp', 'expm1', 'log', 'log1p', 'log2', 'log10', 'pow', 'cbrt', 'hypot'].map((property) => ({
    object: 'Math',
    property,
    message: digits,
  })),
  ...['localeCompare', 'toLocaleString', 'toLocaleLowerCase', 'toLocaleUpperCase'].map((property) => ({ property, message: locale })),
  { property: 'stack', message: 'shows paths of the machine' },
]

const syntax = {
  forIn: { selector: 'ForInStatement', message: 'Walks inherited members too; use Object.entries.' },
  async: { selector: ':function[async=true], AwaitExpression, ForOfStatement[await=true]', message: 'Steps are synchronous.' },
  dynamicImport: {
    selector: 'ImportExpression, MetaProperty[meta.name="import"]',
    message: 'What is loaded is known before the program runs.',
  },
  moduleVariable: {
    selector: 'Program > VariableDeclaration[kind!="const"], Program > ExportNamedDeclaration > VariableDeclaration[kind!="const"]',
    message: 'State lives in actors, never in a module.',
  },
  catch: {
    selector: 'TryStatement',
    message: 'A failing task or call is a value; a thrown error is a defect and goes up to whoever runs the world.',
  },
  assertion: {
    selector: 'TSAsExpression:not([typeAnnotation.typeName.name="const"]), TSTypeAssertion',
    message: 'No type assertions here; actor-types.ts is the place for the few that must be.',
  },
}

const determinism = [syntax.forIn, syntax.async, syntax.dynamicImport, syntax.moduleVariable]

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'reports/', 'failures/', 'examples/', '**/fixtures/**'] },
  {
    // A disabled rule says why, and goes when it is no longer needed.
    linterOptions: { reportUnusedDisableDirectives: 'error' },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/require-array-sort-compare': ['error', { ignoreStringArrays: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-eval': 'error',
      'no-new-func': 'error',
      'prefer-const': 'error',
      eqeqeq: 'error',
      // Numbers and booleans read well in a template; objects stay forbidden.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // `() => queue.push(x)` where the result is not wanted is plain enough.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // Operators of a job are objects whose methods use no `this`; an empty method says "nothing to do here".
      '@typescript-eslint/no-empty-function': 'off',
      // Flink's stages are classes of constants and functions in places; a class without state is a matter of taste.
      '@typescript-eslint/no-extraneous-class': 'off',
      // A type parameter used once ties a reference to what it accepts (`ActorRef<M>`).
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // `_name` says: the parameter is part of the interface and not needed here.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // Steps mutate state in place: between two looks at a member, a function that was called may have changed it. The rule believes the
      // first look.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // Spreading a string walks its code points, the same everywhere.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
    },
  },
  {
    // The deterministic rooms: same seed, same run, on every machine.
    files: filesOf(deterministic),
    ignores: [...tests, ...ioFiles],
    rules: {
      'no-restricted-globals': ['error', ...Object.entries(forbiddenGlobals).map(([name, message]) => ({ name, message }))],
      'no-restricted-properties': ['error', ...forbiddenProperties],
      'no-restricted-imports': ['error', { patterns: [{ regex: '^node:', message: io }] }],
      'no-restricted-syntax': ['error', ...determinism],
    },
  },
  {
    // The world catches its own signal of a strike, and nothing else. Types of actors are erased in actor-types.ts.
    files: named('world'),
    ignores: [...tests, '**/actor-types.ts'],
    rules: { 'no-restricted-syntax': ['error', ...determinism, syntax.assertion] },
  },
  {
    files: named('engine'),
    ignores: tests,
    rules: { 'no-restricted-syntax': ['error', ...determinism, syntax.catch, syntax.assertion] },
  },
  {
    files: [...named('systems', 'connectors', 'faults', 'guarantees'), 'src/engine/actor-types.ts'],
    ignores: tests,
    rules: { 'no-restricted-syntax': ['error', ...determinism, syntax.catch] },
  },
  {
    // Tests say what must be so; how they get at it matters less.
    files: tests,
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-type-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/require-array-sort-compare': 'off',
    },
  },
  {
    // Files of the tooling are not part of a TypeScript project.
    files: ['**/*.js', '**/*.cjs', '**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
  },
)

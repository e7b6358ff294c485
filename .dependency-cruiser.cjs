/**
 * Who may import whom, made from the rooms in test/rooms.json. Nothing about a single room is written here.
 * `test/laws.test.ts` proves that each kind of rule bites.
 */
const { rooms } = require('./test/rooms.json')

/** A regular expression for paths below any of these folders; matches nothing when there are none. */
const below = (paths) => (paths.length === 0 ? '^$' : `^(${paths.map(escape).join('|')})(/|$)`)
const escape = (text) => text.replace(/[.\\/]/g, '\\$&')
const pathsOf = (names = []) =>
  names.map((name) => {
    const room = rooms.find((candidate) => candidate.name === name)
    if (room === undefined) throw new Error(`test/rooms.json: there is no room ${name}`)
    return room.path
  })

const ours = '^(src|scenarios|bench)/'
const tests = '[.]test[.]ts$'

/** A room imports only the rooms it may. */
const allowedRooms = rooms.map((room) => ({
  name: `rooms-${room.name}`,
  comment: `${room.path} (${room.holds}) may import: ${[...room.imports, ...(room.importsTypes ?? [])].join(', ') || 'nothing of ours'}.`,
  severity: 'error',
  from: { path: below([room.path]), pathNot: tests },
  to: {
    path: ours,
    pathNot: [
      below([room.path, ...pathsOf(room.imports), ...pathsOf(room.importsTypes)]),
      ...(room.importsFiles ?? []).map((file) => `^${escape(file)}$`),
    ],
  },
}))

/** Of some rooms only types may be imported, which vanish when the program runs. */
const typesOnly = rooms
  .filter((room) => room.importsTypes !== undefined)
  .map((room) => ({
    name: `types-only-${room.name}`,
    comment: `${room.path} may import only types of: ${room.importsTypes.join(', ')}.`,
    severity: 'error',
    from: { path: below([room.path]), pathNot: tests },
    to: { path: below(pathsOf(room.importsTypes)), dependencyTypesNot: ['type-only'] },
  }))

/** A room uses only the packages it needs. */
const packages = rooms.map((room) => ({
  name: `packages-${room.name}`,
  comment: `${room.path} may use the packages: ${(room.packages ?? []).join(', ') || 'none'}.`,
  severity: 'error',
  from: { path: below([room.path]), pathNot: tests },
  to: {
    dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg', 'npm-unknown'],
    pathNot: (room.packages ?? []).map((name) => `node_modules/(@types/)?${escape(name)}/`),
  },
}))

/** Files that may use Node's own modules (a path rule on `node:` would not match: the type of the dependency does). */
const nodeAllowed = rooms.flatMap((room) => {
  if (room.node === 'everywhere') return [below([room.path])]
  return (room.node ?? []).map((file) => `^${escape(`${room.path}/${file}`)}$`)
})

/** Files through which a room is entered from outside. */
const doors = rooms.flatMap((room) => (room.doors ?? ['index.ts']).map((file) => `^${escape(`${room.path}/${file}`)}$`))

module.exports = {
  forbidden: [
    ...allowedRooms,
    ...typesOnly,
    ...packages,
    {
      name: 'through-the-door',
      comment:
        'Another room is entered through its index.ts (or another file that test/rooms.json names as its door), not through a file inside it.',
      severity: 'error',
      from: { path: '^(src/[^/]+|scenarios|bench)/', pathNot: tests },
      to: { path: '^(src/[^/]+|scenarios)/', pathNot: ['^$1/', ...doors] },
    },
    {
      name: 'node-modules-of-node',
      comment: 'Input and output live in few places; everything else is pure.',
      severity: 'error',
      from: { path: ours, pathNot: [tests, ...nodeAllowed] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-value-cycles',
      comment: 'Imports that exist when the program runs never form a cycle; types may.',
      severity: 'error',
      from: { path: ours },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'product-without-tests',
      comment: 'The product never imports tests or what only tests use. The bench is not shipped, and measures a model of the tests.',
      severity: 'error',
      from: { path: '^(src|scenarios)/', pathNot: tests },
      to: { path: ['^(test|properties)/', tests] },
    },
    {
      name: 'front-door',
      comment: 'src/index.ts is the library: it may show every room but the command line and those that need fast-check or vitest.',
      severity: 'error',
      from: { path: '^src/index[.]ts$' },
      to: { path: '^(src/(cli|fast-check|vitest)|bench|scenarios)/' },
    },
    {
      name: 'nothing-unresolved',
      comment: 'Every import leads somewhere.',
      severity: 'error',
      from: { path: ours },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
}

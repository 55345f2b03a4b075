// Says plainly what is missing before a tool dies of it with a riddle. Old JavaScript on purpose: it has to
// run on the Node that is too old.
'use strict'
var major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  console.error(
    'feedtape needs Node 24 or newer; this is Node ' +
      process.versions.node +
      ' on ' +
      process.platform +
      ' ' +
      process.arch +
      '.\n' +
      'On Linux and Windows (x64, and arm64 on Linux) `npm ci` brings one along; for this machine there is no such build,\n' +
      'or optional dependencies were left out. Install Node 24 (https://nodejs.org) or run `npm ci --include=optional`.',
  )
  process.exit(2)
}

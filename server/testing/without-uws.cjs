/** For `node --require`: makes the packages of the engine `uws` absent. */
const Module = require('node:module');

const resolve = Module._resolveFilename;
Module._resolveFilename = (name, ...others) => {
  if (!/uWebSockets|uws-js/.test(name)) return resolve(name, ...others);
  throw Object.assign(new Error(`Cannot find module '${name}'`), { code: 'MODULE_NOT_FOUND' });
};

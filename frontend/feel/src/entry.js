// The whole surface the host sees: three functions, text in, JSON text out.
import './intl.js';
import { builtins, getType, interpreter, InterpreterContext } from 'feelin';
import { readNames } from './names.js';
import { mismatches } from './strict.js';

const MAX_CACHED_CHARACTERS = 60_000;
const MAX_DEPTH = 200;
const CODES = {
  NO_VARIABLE_FOUND: 'unknown_name', NO_CONTEXT_ENTRY_FOUND: 'unknown_name', NO_PROPERTY_FOUND: 'unknown_name',
  INVALID_TYPE: 'wrong_type', INVALID_ARGUMENTS: 'wrong_arguments', FUNCTION_INVOCATION_FAILURE: 'wrong_arguments',
  NO_FUNCTION_FOUND: 'unknown_function', UNSUPPORTED: 'unsupported',
};

class Refusal { constructor(code, detail) { this.code = code; this.detail = String(detail); } }

// running out of memory arrives as null or "out of memory", of stack as a RangeError: the host must know and rebuild
function isLimit(cause) {
  if (cause === null || cause === undefined) return true;
  return /out of memory|call stack size|stack overflow|interrupted/.test(String(cause.message ?? cause));
}
function describe(cause, code) {
  if (cause instanceof Refusal) return { code: cause.code, detail: cause.detail };
  if (isLimit(cause)) return { code: 'limit', detail: String(cause?.message ?? cause) };
  return { code, detail: String(cause.message) };
}

const cache = { evaluate: new Map(), unaryTest: new Map() };
let cachedCharacters = 0;

function build(kind, text) {
  let names;
  try {
    const sink = new InterpreterContext();
    const root = interpreter[kind](text, {}, undefined, sink).root;
    names = readNames(kind, text);
    names.homonyms = names.free.filter((name) => Object.hasOwn(builtins, name));
    return names.problem ? { names, refusal: names.problem } : { names, root, sink };
  } catch (cause) {
    const refusal = describe(cause, 'syntax');
    if (refusal.code === 'limit') throw cause;
    return { names: { free: [], inner: [], shape: '', problem: refusal }, refusal };
  }
}

// the parse never depends on the data, so the text alone is the key
function compiled(kind, text) {
  let hit = cache[kind].get(text);
  if (!hit) {
    if ((cachedCharacters += text.length) > MAX_CACHED_CHARACTERS) {
      for (const map of Object.values(cache)) map.clear();
      cachedCharacters = text.length;
    }
    hit = build(kind, text);
    cache[kind].set(text, hit);
  }
  return hit;
}

// a name that is also a built-in function must not fall back to the function when the data lacks it
function requireData(names, context) {
  const missing = names.homonyms.find((name) => !Object.hasOwn(context, name));
  if (missing !== undefined) throw new Refusal('unknown_name', missing);
}

function run(kind, text, context) {
  const { root, sink, names, refusal } = compiled(kind, text);
  if (refusal) throw new Refusal(refusal.code, refusal.detail);
  requireData(names, context);
  sink.warnings.length = 0;
  mismatches.length = 0;
  const value = kind === 'unaryTest' ? root(context)(context['?'] ?? null) : root(context);
  if (sink.warnings.length) throw new Refusal(CODES[sink.warnings[0].type] ?? 'wrong_type', sink.warnings[0].message);
  if (mismatches.length) throw new Refusal('wrong_type', mismatches[0]);
  return value;
}

function plainContext(value, depth) {
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each, depth + 1)]));
}

// what may leave: JSON and the ISO text of dates, times and durations
function plain(value, depth = 0) {
  if (depth > MAX_DEPTH) throw new Refusal('not_json', 'nested too deep');
  const type = getType(value);
  switch (type) {
    case 'nil': return null;
    case 'boolean': case 'string': return value;
    case 'number':
      if (!Number.isFinite(value)) throw new Refusal('not_finite', value);
      return value;
    case 'date': case 'time': case 'date time': case 'duration': return value.toString();
    case 'list': return value.map((each) => plain(each, depth + 1));
    case 'context': return plainContext(value, depth);
    default: throw new Refusal('not_json', type);
  }
}

function answering(produce) {
  try {
    return JSON.stringify({ value: produce() });
  } catch (cause) {
    return JSON.stringify({ error: describe(cause, 'wrong_arguments') });
  }
}

globalThis.feelNames = (kind, text) => answering(() => compiled(kind, text).names);
globalThis.feelRun = (kind, text, json) => answering(() => plain(run(kind, text, JSON.parse(json))));

// Decision tables: {inputs: [{text, allowed}], outputs: [{allowed}], rules: [{tests: [text|null], results: [text|null]}], first}
const tables = new Map();
globalThis.feelDefineTable = (key, json) => {
  if (tables.size > 200) tables.clear();
  tables.set(key, JSON.parse(json));
};

const at = (place, produce) => {
  try { return produce(); } catch (cause) {
    const { code, detail } = describe(cause, 'wrong_arguments');
    const refusal = new Refusal(code, detail);
    refusal.place = place;
    throw refusal;
  }
};
function holds(test, value, context) {
  context['?'] = value;
  return run('unaryTest', test, context) === true;
}

function inputValue(input, column, context) {
  const value = at({ column }, () => run('evaluate', input.text, context));
  if (input.allowed && value !== null && !at({ column }, () => holds(input.allowed, value, context))) {
    throw Object.assign(new Refusal('not_allowed', JSON.stringify(plain(value))), { place: { column } });
  }
  return value;
}
function outputValue(text, output, place, context) {
  const value = text === null ? null : at(place, () => run('evaluate', text, context));
  if (output.allowed && value !== null && !at(place, () => holds(output.allowed, value, context))) {
    throw Object.assign(new Refusal('not_allowed', JSON.stringify(plain(value))), { place });
  }
  return at(place, () => plain(value));
}
function hitsOf(table, context) {
  const values = table.inputs.map((input, column) => inputValue(input, column, context));
  const hits = [];
  for (const [rule, { tests, results }] of table.rules.entries()) {
    const matches = tests.every((test, column) => test === null || at({ rule, column }, () => holds(test, values[column], context)));
    if (!matches) continue;
    hits.push({ rule, outputs: results.map((text, column) => outputValue(text, table.outputs[column], { rule, output: column }, context)) });
    if (table.first) break;
  }
  return hits;
}
globalThis.feelTable = (key, json) => {
  const table = tables.get(key);
  if (!table) return '{"missing":true}';
  try {
    return JSON.stringify({ value: hitsOf(table, JSON.parse(json)) });
  } catch (cause) {
    return JSON.stringify({ error: { ...describe(cause, 'wrong_arguments'), place: cause?.place ?? null } });
  }
};

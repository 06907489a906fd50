// What an expression reads: found on the parse tree, without evaluating it.
import { builtins, parseExpression, parseUnaryTests } from 'feelin';

// wrong or dependent on the machine in this runtime: the clock is handed in as a value, zones have no tables,
// median sorts its numbers as text
const FORBIDDEN = new Set(['now', 'today', 'years and months duration', 'median']);
const ZONE = /\d@[A-Za-z]/;
const SKIPPED = new Set(['Type', 'PathName', 'ParameterName', 'Key', 'Name', 'LineComment', 'BlockComment']);

// "x == 1" parses as "x = (= 1)", whose value is null for any x: a comparison without a left side is a test of a cell, of a
// filter or of "in", and nowhere else
const TESTED = new Set(['PositiveUnaryTest', 'FilterExpression']);

const childrenOf = (node) => {
  const children = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  return children;
};

class Reading {
  constructor(text) {
    this.text = text;
    for (const list of ['free', 'inner', 'called', 'spaced', 'forbidden', 'zones', 'stray']) this[list] = new Set();
  }
  nameOf(node) { return this.text.slice(node.from, node.to).replace(/\s+/g, ' '); }

  visit(node, scope) {
    const special = this[node.name];
    if (special) special.call(this, node, scope);
    else if (!SKIPPED.has(node.name)) this.visitAll(childrenOf(node), scope);
  }
  visitAll(nodes, scope) { for (const node of nodes) this.visit(node, scope); }

  read(name, scope) {
    if (scope.bound.has(name)) return;
    if (/\s/.test(name) && !Object.hasOwn(builtins, name)) this.spaced.add(name);
    else this[scope.filter ? 'inner' : 'free'].add(name);
  }
  call(name, scope) {
    if (scope.bound.has(name)) return;
    if (FORBIDDEN.has(name)) this.forbidden.add(name);
    this.called.add(name);
  }

  SimplePositiveUnaryTest(node, scope) {
    if (node.firstChild?.name === 'CompareOp' && !TESTED.has(node.parent?.name)) this.stray.add(this.text.slice(node.from, node.to));
    this.visitAll(childrenOf(node), scope);
  }
  VariableName(node, scope) { this.read(this.nameOf(node), scope); }
  PathExpression(node, scope) {
    const [target, ...rest] = childrenOf(node);
    this.visit(target, scope);
    for (const each of rest) {
      const name = this.nameOf(each);
      if (each.name === 'PathName' && /\s/.test(name) && !TEMPORAL_PARTS.has(name)) this.spaced.add(name);
    }
  }
  FunctionInvocation(node, scope) {
    const [callee, ...rest] = childrenOf(node);
    if (callee.name === 'VariableName' || callee.name === 'SpecialFunctionName') this.call(this.nameOf(callee), scope);
    else this.callPath(callee, scope);
    this.visitAll(rest, scope);
  }
  // the data holds no functions: "row.total()" can only mean an entry of the expression's own
  callPath(callee, scope) {
    let root = callee;
    while (root.name === 'PathExpression') root = root.firstChild;
    if (root.name === 'VariableName' && !scope.bound.has(this.nameOf(root))) this.called.add(this.nameOf(callee));
    this.visit(callee, scope);
  }
  FilterExpression(node, scope) {
    const [target, ...rest] = childrenOf(node);
    if (rest.length === 3 && this.text.slice(rest[1].from, rest[1].to) === '0') this.stray.add('[0]');
    this.visit(target, scope);
    this.visitAll(rest, { bound: new Set([...scope.bound, 'item']), filter: true });
  }
  iterate(node, scope) {
    const bound = new Set(scope.bound);
    const within = { ...scope, bound };
    for (const child of childrenOf(node)) {
      if (child.name !== 'InExpressions') { this.visit(child, within); continue; }
      for (const iteration of childrenOf(child)) {
        const [name, ...rest] = childrenOf(iteration);
        this.visitAll(rest, within);
        bound.add(this.nameOf(name));
      }
      bound.add('partial');
    }
  }
  ForExpression(node, scope) { this.iterate(node, scope); }
  QuantifiedExpression(node, scope) { this.iterate(node, scope); }
  FunctionDefinition(node, scope) {
    const bound = new Set(scope.bound);
    for (const child of childrenOf(node)) {
      if (child.name === 'FormalParameters') childrenOf(child).forEach((each) => bound.add(this.nameOf(each)));
      else this.visit(child, { ...scope, bound });
    }
  }
  Context(node, scope) {
    const bound = new Set(scope.bound);
    for (const entry of childrenOf(node)) {
      if (entry.name !== 'ContextEntry') continue;
      const [key, ...values] = childrenOf(entry);
      this.visitAll(values, { ...scope, bound });
      bound.add(this.nameOf(key).replace(/^"|"$/g, ''));
    }
  }
  StringLiteral(node) {
    const text = this.text.slice(node.from, node.to);
    if (ZONE.test(text)) this.zones.add(text);
  }
}
const TEMPORAL_PARTS = new Set(['time offset', 'start included', 'end included']);

const error = (code, detail) => ({ code, detail });

// the fields a file may be refused for, first the worst
function problemOf(reading) {
  const first = (set) => [...set][0];
  if (reading.stray.size) return error('syntax', first(reading.stray));
  if (reading.forbidden.size) return error('forbidden', first(reading.forbidden));
  if (reading.zones.size) return error('named_zone', first(reading.zones));
  if (reading.spaced.size) return error('spaced_name', first(reading.spaced));
  const unknown = [...reading.called].find((name) => !Object.hasOwn(builtins, name));
  return unknown === undefined ? null : error('unknown_function', unknown);
}

// the outermost operation: what kind of value to expect
function shapeOf(node) {
  while (['Expression', 'ParenthesizedExpression'].includes(node.name)) {
    const inner = childrenOf(node).find((each) => !['(', ')', 'LineComment', 'BlockComment'].includes(each.name));
    if (!inner) break;
    node = inner;
  }
  return node.name;
}

export function readNames(kind, text) {
  const reading = new Reading(text);
  const parse = kind === 'unaryTest' ? parseUnaryTests : parseExpression;
  const top = parse(text, {}).topNode;
  reading.visit(top, { bound: new Set(['?']), filter: false });
  return { free: [...reading.free], inner: [...reading.inner], shape: shapeOf(top), problem: problemOf(reading) };
}

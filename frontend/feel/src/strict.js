// Comparisons that the interpreter answers by JavaScript's coercion ("70" >= 60) are reported instead.
import { FeelRange, getType, isZoned } from 'feelin';

export const mismatches = [];

const INSTANTS = new Set(['time', 'date time']);
const trustingIncludes = FeelRange.prototype.includes;

const bounds = (range) => [range.start, range.end].filter((bound) => bound !== null);

function comparable(value, bound) {
  const type = getType(value);
  return type === getType(bound) && (!INSTANTS.has(type) || isZoned(value) === isZoned(bound));
}

FeelRange.prototype.includes = function includes(value) {
  const probes = value instanceof FeelRange ? bounds(value) : [value];
  for (const probe of probes) {
    if (getType(probe) === 'nil') return null;
    const bound = bounds(this).find((each) => !comparable(probe, each));
    if (bound !== undefined) {
      mismatches.push(`${getType(probe)} compared with ${getType(bound)}`);
      return null;
    }
  }
  return trustingIncludes.call(this, value);
};

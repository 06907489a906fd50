// Bundles feelin for QuickJS into app/engine/feel/. The published file keeps its interpreter private and answers a few
// things by JavaScript's truthiness: both are amended here, and the build fails when the text to amend is not found.
import { build } from 'esbuild';
import { readFile, writeFile } from 'node:fs/promises';

const ROOM = new URL('../../app/engine/feel/', import.meta.url);
const PACKAGES = ['feelin', 'lezer-feel', '@lezer/lr', '@lezer/common', '@lezer/highlight', 'min-dash', 'temporal-polyfill', 'temporal-utils'];

const ZONES_AGREE = `
                if (isTemporal(left) && isTemporal(right) && (isZoned(left) ? left.zone : null) !== (isZoned(right) ? right.zone : null)) {
                    invalidType(opName, left, right);
                    return null;
                }
                if (isDate(left) && isDuration(right) && hasTimeComponent(right)) {
                    invalidType(opName, left, right);
                    return null;
                }
                return op(left, right);`;
const AMENDMENTS = [
  [/if \(isTruthy\(ifCondition\(context\)\)\)/g, 1, 'if (ifCondition(context) === true)'],
  [/isTruthy\(_condition\(ctx\)\)/g, 2, '_condition(ctx) === true'],
  [/\n\s*return op\(left, right\);/g, 1, ZONES_AGREE],
];
const EXPORTS = '\nexport { builtins, getType, interpreter, InterpreterContext, isZoned };\n';

function amend(source) {
  return AMENDMENTS.reduce((text, [pattern, count, replacement]) => {
    const found = text.match(pattern)?.length ?? 0;
    if (found !== count) throw new Error(`${pattern}: expected ${count}, found ${found}`);
    return text.replace(pattern, replacement);
  }, source);
}

await build({
  entryPoints: ['src/entry.js'], bundle: true, minify: true, format: 'iife', target: 'es2022', charset: 'utf8', legalComments: 'none',
  outfile: new URL('feel.bundle.js', ROOM).pathname,
  plugins: [{
    name: 'amend-feelin',
    setup(bundler) {
      bundler.onLoad({ filter: /feelin\/dist\/index\.js$/ }, async ({ path }) => {
        const source = await readFile(path, 'utf8');
        return { contents: path.includes('lezer-feel') ? source : amend(source) + EXPORTS };
      });
    },
  }],
});

const texts = await Promise.all(PACKAGES.map(async (name) => {
  const { version } = JSON.parse(await readFile(`node_modules/${name}/package.json`, 'utf8'));
  return `${name} ${version}\n\n${await readFile(`node_modules/${name}/LICENSE`, 'utf8')}`;
}));
await writeFile(new URL('LICENSES.txt', ROOM), texts.join('\n----\n\n'));

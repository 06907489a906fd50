// Bundles the BPMN editor into one script and one style sheet; fonts travel inside the style sheet, so nothing is fetched.
import { build } from 'esbuild';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';

const target = '../../app/web/static/vendor/bpmn-editor';
await mkdir(target, { recursive: true });
await build({
  entryPoints: { editor: 'src/editor.js' },
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2020',
  outdir: target,
  legalComments: 'none',
  loader: { '.woff2': 'dataurl', '.woff': 'empty', '.ttf': 'empty', '.eot': 'empty', '.svg': 'empty' },
});

const parts = ['bpmn-js', 'bpmn-js-properties-panel', '@bpmn-io/properties-panel', 'diagram-js', 'bpmn-js-i18n', 'preact'];
const notices = [];
for (const name of parts) {
  const about = JSON.parse(await readFile(`node_modules/${name}/package.json`, 'utf8'));
  const licence = await readFile(`node_modules/${name}/LICENSE`, 'utf8').catch(() => `${about.license}\n`);
  notices.push(`${name} ${about.version}\n${'-'.repeat(40)}\n${licence.trim()}\n`);
}
await writeFile(`${target}/LICENSES.txt`, notices.join('\n\n'));

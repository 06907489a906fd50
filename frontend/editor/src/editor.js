// The model editor's page: loads the draft from its text area, writes it back before the form is sent, and shows the
// linter's findings on the elements they speak of. Without this script the text area and the file upload still work.
import Modeler from 'bpmn-js/lib/Modeler';
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import { BpmnPropertiesPanelModule, BpmnPropertiesProviderModule } from 'bpmn-js-properties-panel';
import chinese from 'bpmn-js-i18n/translations/zn.js';
import sy from './sy.json';
import programmeProperties from './properties.js';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn-embedded.css';
import '@bpmn-io/properties-panel/dist/assets/properties-panel.css';

const place = document.getElementById('bpmn-editor');
const source = document.getElementById('model-source');
const readonly = place.dataset.readonly === 'yes';

function translated(template, replacements = {}) {
  const text = place.dataset.language === 'en' ? template : chinese[template] || template;
  return text.replace(/{([^}]+)}/g, (whole, key) => replacements[key] ?? whole);
}

const additions = [{ translate: ['value', translated] }];
const shared = { container: place.querySelector('.canvas'), moddleExtensions: { sy }, additionalModules: additions };
const editor = readonly
  ? new NavigatedViewer(shared)
  : new Modeler({
      ...shared,
      propertiesPanel: { parent: place.querySelector('.properties') },
      additionalModules: [...additions, BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, programmeProperties],
    });

function note(finding) {
  const mark = document.createElement('div');
  mark.className = `lint-mark lint-${finding.severity}`;
  mark.title = `${finding.message} ${finding.instead || ''}`;
  mark.textContent = finding.severity === 'error' ? '!' : '?';
  return mark;
}

function showFindings(findings) {
  const registry = editor.get('elementRegistry');
  const overlays = editor.get('overlays');
  overlays.remove({ type: 'lint' });
  for (const finding of findings) {
    if (registry.get(finding.element)) {
      overlays.add(finding.element, 'lint', { position: { top: -12, left: -12 }, html: note(finding) });
    }
  }
}

function goTo(id) {
  const element = editor.get('elementRegistry').get(id);
  if (!element) return;
  editor.get('canvas').scrollToElement(element, 120);
  if (!readonly) editor.get('selection').select(element);
}

function lintNow(button) {
  const form = new FormData();
  editor.saveXML({ format: true }).then(({ xml }) => {
    form.set('content', xml);
    form.set('csrf_token', document.querySelector('[name=csrf_token]').value);
    return fetch(button.dataset.url, { method: 'POST', body: form, headers: { Accept: 'application/json' } });
  }).then((answer) => answer.json()).then(({ findings }) => {
    showFindings(findings);
    const list = document.getElementById('lint-findings');
    list.replaceChildren(...findings.map(listed));
    list.dataset.count = String(findings.length);
  });
}

function listed(finding) {
  const item = document.createElement('li');
  item.className = `finding finding-${finding.severity}`;
  const link = document.createElement('a');
  link.href = `#${finding.element}`;
  link.dataset.element = finding.element;
  link.textContent = finding.element;
  item.append(link, ` ${finding.message} ${finding.instead || ''}`);
  return item;
}

async function open() {
  try {
    await editor.importXML(source.value);
    editor.get('canvas').zoom('fit-viewport', 'auto');
    showFindings(JSON.parse(place.dataset.findings || '[]'));
    place.dataset.state = 'ready';
  } catch (problem) {
    place.dataset.state = 'failed';
    place.querySelector('.canvas').textContent = problem.message;
  }
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('[data-element]');
  if (link) { event.preventDefault(); goTo(link.dataset.element); }
  const button = event.target.closest('[data-lint]');
  if (button) lintNow(button);
});
source.form?.addEventListener('submit', async (event) => {
  if (readonly || place.dataset.state !== 'ready' || source.dataset.saved === 'yes') return;
  event.preventDefault();
  const { xml } = await editor.saveXML({ format: true });
  source.value = xml;
  source.dataset.saved = 'yes';
  source.form.requestSubmit(event.submitter);
});

window.bpmnEditor = editor;
open();

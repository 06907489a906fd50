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

// Words of the properties panel that the translation package lacks.
const panelWords = {
  General: '基本', Documentation: '说明', 'Element documentation': '元素说明', 'Process documentation': '流程说明', Name: '名称', ID: '编号',
  Executable: '可执行', Condition: '条件', 'Condition Expression': '条件表达式', Timer: '定时', Type: '类型', Value: '值', Message: '消息', Error: '错误',
  'Multi-instance': '多实例', 'Loop cardinality': '次数', 'Completion condition': '完成条件', 'Toggle section': '展开或收起', Collaboration: '协作',
  Participant: '参与者', Lane: '泳道', 'Sequence Flow': '顺序流', 'User Task': '人工任务', 'Service Task': '服务任务', 'Business Rule Task': '决策任务',
  'Start Event': '开始事件', 'End Event': '结束事件', 'Exclusive Gateway': '排他网关', 'Parallel Gateway': '并行网关', 'Sub Process': '子流程',
  'Section contains edits': '已有内容', 'Select an element to edit its properties.': '选中一个元素，修改它的属性。', 'Participant Name': '参与者名称',
  'Process ID': '流程编号', 'Process name': '流程名称', 'Version tag': '版本标记', 'Open element': '打开',
};

const place = document.getElementById('bpmn-editor');
const source = document.getElementById('model-source');
const readonly = place.dataset.readonly === 'yes';

function translated(template, replacements = {}) {
  const text = place.dataset.language === 'en' ? template : panelWords[template] || chinese[template] || template;
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
  const mark = document.createElement('button');
  mark.type = 'button';
  mark.dataset.element = finding.element;
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

function listFindings(findings) {
  const list = document.getElementById('lint-findings');
  list.replaceChildren(...findings.map(listed));
  list.dataset.count = String(findings.length);
  document.querySelector('[data-finding-count]').textContent = String(findings.length);
  document.querySelector('[data-no-findings]').hidden = findings.length > 0;
}

function goTo(id) {
  const element = editor.get('elementRegistry').get(id);
  if (!element) return false;
  const canvas = editor.get('canvas');
  if (canvas.zoom() < 0.7) canvas.zoom(0.9);
  canvas.scrollToElement(element, { top: 160, right: 160, bottom: 160, left: 240 });
  if (!readonly) editor.get('selection').select(element);
  place.scrollIntoView({ block: 'nearest' });
  return true;
}

async function lintNow(button) {
  button.disabled = true;
  try {
    const { xml } = await editor.saveXML({ format: true });
    const form = new FormData();
    form.set('content', xml);
    form.set('csrf_token', document.querySelector('[name=csrf_token]').value);
    const answer = await fetch(button.dataset.url, { method: 'POST', body: form, headers: { Accept: 'application/json' } });
    const { findings } = await answer.json();
    showFindings(findings);
    listFindings(findings);
    document.getElementById('found').scrollIntoView({ block: 'nearest' });
  } catch (problem) {
    listFindings([{ severity: 'error', element: null, message: problem.message, instead: button.dataset.failed }]);
  } finally {
    button.disabled = false;
  }
}

function listed(finding) {
  const item = document.createElement('li');
  item.className = `finding finding-${finding.severity}`;
  const words = document.createElement('span');
  if (finding.element) {
    const link = document.createElement('a');
    link.href = `#element-${finding.element}`;
    link.dataset.element = finding.element;
    link.textContent = finding.element;
    words.append(link, ' ');
  }
  const instead = document.createElement('small');
  instead.className = 'block';
  instead.textContent = finding.instead || '';
  words.append(finding.message, instead);
  const mark = document.createElement('span');
  mark.className = `lint-mark lint-${finding.severity}`;
  mark.textContent = finding.severity === 'error' ? '!' : '?';
  item.append(mark, words);
  return item;
}

// The whole drawing, moved aside for the palette.
function fit() {
  const canvas = editor.get('canvas');
  canvas.zoom('fit-viewport');
  const { inner, outer } = canvas.viewbox();
  const scale = Math.max(0.05, Math.min(1, (outer.width - 140) / inner.width, (outer.height - 40) / inner.height));
  canvas.viewbox({ x: inner.x - 120 / scale, y: inner.y - 20 / scale, width: outer.width / scale, height: outer.height / scale });
}

async function open() {
  try {
    await editor.importXML(source.value);
    fit();
    showFindings(JSON.parse(place.dataset.findings || '[]'));
    place.dataset.state = 'ready';
  } catch (problem) {
    place.dataset.state = 'failed';
    const words = document.createElement('p');
    words.className = 'note note-amber';
    words.textContent = `${place.dataset.failed} ${problem.message}`;
    place.querySelector('.canvas').append(words);
  }
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('[data-element]');
  if (link && goTo(link.dataset.element)) event.preventDefault();
  const button = event.target.closest('[data-lint]');
  if (button) lintNow(button);
});
source.form?.addEventListener('submit', async (event) => {
  if (readonly || place.dataset.state !== 'ready' || source.dataset.saved === 'yes') return;
  event.preventDefault();
  const { xml } = await editor.saveXML({ format: true });
  source.value = xml;
  source.dataset.saved = 'yes';
  setTimeout(() => source.form.requestSubmit(event.submitter)); // a form that is being submitted ignores a second request
});

window.bpmnEditor = editor; // the browser tests draw through it
open();

// The properties panel's own groups: what our engine reads beyond plain BPMN (namespace `sy`).
import { SelectEntry, TextFieldEntry, isSelectEntryEdited, isTextFieldEntryEdited } from '@bpmn-io/properties-panel';
import { useService } from 'bpmn-js-properties-panel';
import { is } from 'bpmn-js/lib/util/ModelUtil';

const page = () => document.getElementById('bpmn-editor');
const actions = () => JSON.parse(page().dataset.actions || '[]');
const english = () => page().dataset.language === 'en';
const say = (zh, en) => (english() ? en : zh);

function attribute(key, label, description, owner = (element) => element.businessObject) {
  function Field({ element, id }) {
    const modeling = useService('modeling');
    const debounce = useService('debounceInput');
    return TextFieldEntry({
      element,
      id,
      label,
      description,
      debounce,
      getValue: () => owner(element).get(key) || '',
      setValue: (value) => modeling.updateModdleProperties(element, owner(element), { [key]: value || undefined }),
    });
  }
  return { id: key.replace(':', '-'), component: Field, isEdited: isTextFieldEntryEdited };
}

function choice(key, label, description, options, owner = (element) => element.businessObject) {
  function Field({ element, id }) {
    const modeling = useService('modeling');
    return SelectEntry({
      element,
      id,
      label,
      description,
      getOptions: () => [{ value: '', label: '—' }, ...options()],
      getValue: () => owner(element).get(key) || '',
      setValue: (value) => modeling.updateModdleProperties(element, owner(element), { [key]: value || undefined }),
    });
  }
  return { id: key.replace(':', '-'), component: Field, isEdited: isSelectEntryEdited };
}

// A parameter of the chosen action: a `sy:param` child of the extension elements, named as the action names it.
function parameter(name, meaning) {
  const extensions = (element) => element.businessObject.extensionElements;
  const found = (element) => (extensions(element)?.values || []).find((each) => is(each, 'sy:Param') && each.name === name);

  function Field({ element, id }) {
    const modeling = useService('modeling');
    const factory = useService('bpmnFactory');
    const debounce = useService('debounceInput');

    function setValue(value) {
      const owner = element.businessObject;
      const others = (extensions(element)?.values || []).filter((each) => each !== found(element));
      const kept = value ? [...others, factory.create('sy:Param', { name, value })] : others;
      const extensionElements = kept.length ? factory.create('bpmn:ExtensionElements', { values: kept }) : undefined;
      for (const each of kept) each.$parent = extensionElements;
      if (extensionElements) extensionElements.$parent = owner;
      modeling.updateModdleProperties(element, owner, { extensionElements });
    }

    return TextFieldEntry({
      element, id, label: name, description: `${meaning} (FEEL)`, debounce, getValue: () => found(element)?.value || '', setValue,
    });
  }
  return { id: `sy-param-${name}`, component: Field, isEdited: isTextFieldEntryEdited };
}

function parametersOf(element) {
  const chosen = actions().find(({ name }) => name === element.businessObject.get('implementation'));
  return Object.entries(chosen?.params || {}).map(([name, meaning]) => parameter(name, meaning));
}

const timerOf = (element) => (element.businessObject.eventDefinitions || []).find((d) => is(d, 'bpmn:TimerEventDefinition'));

// The process that an element stands for: drawn as a pool or, without pools, as the canvas itself.
const processOf = ({ businessObject }) => (is(businessObject, 'bpmn:Participant') ? businessObject.get('processRef') : businessObject);

function entriesFor(element) {
  const entries = [attribute('sy:clauses', say('条款号', 'Clause ids'), say('用空格分开，如 C5.1 C4.1a', 'Separated by spaces, e.g. C5.1 C4.1a'))];
  if (is(processOf(element), 'bpmn:Process')) {
    entries.push(
      attribute('sy:starters', say('谁可以发起', 'Who may start it'), say('角色，用空格分开；不填则不能直接发起', 'Roles, separated by spaces; left out, nobody starts it by a call'), processOf),
    );
  }
  if (is(element, 'bpmn:UserTask')) {
    entries.push(
      attribute('sy:workingDays', say('办理期限（工作日）', 'Due in working days'), say('FEEL 整数，如 5', 'FEEL integer, e.g. 5')),
      attribute('sy:due', say('截止时间', 'Due date'), say('FEEL 日期时间或时长', 'FEEL date-time or duration')),
      attribute('sy:person', say('指定办理人', 'Person'), say('FEEL，得出人员编号；不填则按泳道角色分派', 'FEEL giving a person id; left out, the lane’s role takes it')),
      attribute('sy:exclude', say('回避环节', 'Excluded steps'), say('办过这些环节的人不能办理本环节', 'Whoever did these steps may not take this one')),
      attribute('sy:priority', say('优先级', 'Priority'), say('0–100，默认 50', '0–100, 50 by default')),
    );
  }
  if (is(element, 'bpmn:ServiceTask')) {
    entries.push(
      choice('implementation', say('服务动作', 'Registered action'), say('系统登记的动作', 'An action the product offers'), () =>
        actions().map(({ name, summary }) => ({ value: name, label: summary ? `${name} · ${summary}` : name })),
      ),
      ...parametersOf(element),
    );
  }
  if (is(element, 'bpmn:BusinessRuleTask')) {
    entries.push(
      attribute('implementation', say('决策表', 'Decision'), say('DMN 决策的 id', 'Id of a DMN decision')),
      attribute('sy:result', say('结果变量', 'Result variable'), say('结果放入的变量名', 'The variable that receives the outcome')),
    );
  }
  if (is(element, 'bpmn:Activity') && !is(element, 'bpmn:ReceiveTask')) {
    entries.push(
      choice('sy:asyncBefore', say('先存后办', 'Save first, then run'), say('先存下前一环节的办理结果，随后由系统开始本环节', 'The step before is saved first; the system begins this one right after'), () => [
        { value: 'true', label: say('是', 'Yes') },
      ]),
    );
  }
  if (timerOf(element)) {
    entries.push(
      choice('sy:calendar', say('按工作日计', 'Counted in'), say('时长 PnD 按工作日计算', 'A duration PnD counts working days'), () => [
        { value: 'working', label: say('工作日', 'Working days') },
      ], timerOf),
    );
  }
  return entries;
}

class ProgrammeProperties {
  static $inject = ['propertiesPanel'];

  constructor(propertiesPanel) {
    propertiesPanel.registerProvider(400, this);
  }

  getGroups(element) {
    return (groups) => [
      ...groups,
      { id: 'programme', label: say('双优设置', 'Programme'), entries: entriesFor(element) },
    ];
  }
}

export default { __init__: ['programmeProperties'], programmeProperties: ['type', ProgrammeProperties] };

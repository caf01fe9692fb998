// The properties panel: for each kind of element the words that bind it.
import { getBusinessObject, is, isAny } from 'bpmn-js/lib/util/ModelUtil.js';

import { h } from './dom.js';
import { checkbox, chips, field, select, suggestion, textArea, textInput } from './editor-fields.js';

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const RESERVED = ['Start', 'End']; // SpiffWorkflow uses these names itself

export class Panel {
  constructor(root, modeler, bindings, choices, labels) {
    Object.assign(this, { root, modeler, bindings, choices, labels });
    const bus = modeler.get('eventBus');
    // A listener that returns something ends the event for everybody after it.
    bus.on(['selection.changed', 'commandStack.changed', 'import.done'], () => { setTimeout(() => this.draw()); });
  }

  chosen() {
    const selected = this.modeler.get('selection').get();
    if (selected.length !== 1) return null;
    return selected[0].labelTarget || selected[0];
  }

  draw() {
    const active = document.activeElement; // perhaps half typed
    const key = this.root.contains(active) && active.dataset.key;
    const element = this.chosen();
    const scroll = this.root.scrollTop;
    this.root.replaceChildren(...(element ? this.fields(element) : [h('p', { class: 'editor-hint' }, this.labels.nothing_chosen)]).filter(Boolean));
    const isSame = element === this.shown;
    if (isSame) this.root.scrollTop = scroll;
    this.shown = element;
    const again = isSame && key && this.root.querySelector(`[data-key="${key}"]`);
    if (again) resume(again, active);
  }

  fields(element) {
    const kind = this.labels[element.type] || element.type.replace('bpmn:', '');
    return [
      h('p', { class: 'editor-kind' }, kind),
      ...this.common(element),
      ...(is(element, 'bpmn:UserTask') ? this.userTask(element) : []),
      ...(is(element, 'bpmn:ServiceTask') ? this.serviceTask(element) : []),
      ...(is(element, 'bpmn:CallActivity') ? this.callActivity(element) : []),
      ...(is(element, 'bpmn:Lane') ? this.lane(element) : []),
      ...(is(element, 'bpmn:SequenceFlow') ? this.flow(element) : []),
      ...(is(element, 'bpmn:Event') ? this.event(element) : []),
      this.bindings.loop(element) && this.loop(element),
      isAny(element, ['bpmn:FlowNode']) && this.requirements(element),
      this.identity(element),
    ].flat();
  }

  common(element) {
    const { labels, bindings } = this;
    const modeling = this.modeler.get('modeling');
    const rename = (name) => {
      modeling.updateLabel(element, name);
      if (is(element, 'bpmn:Participant')) bindings.update(element, { name });
    };
    const hasWords = isAny(element, ['bpmn:FlowNode', 'bpmn:Participant', 'bpmn:Lane']);
    return [
      field(labels.name, textInput('name', getBusinessObject(element).name || '', rename)),
      hasWords && field(labels.documentation,
        textArea('documentation', bindings.documentation(element), (text) => bindings.setDocumentation(element, text)),
        { hint: is(element, 'bpmn:UserTask') && labels.documentation_hint }),
    ];
  }

  userTask(element) {
    const { labels, choices } = this;
    return [
      this.suggested(element, 'formJsonSchemaFilename', labels.form, choices.forms),
      this.deadline(element),
      this.suggested(element, 'guard', labels.guard, choices.guards),
      this.many(element, 'excludes', labels.excludes, choices.groups),
      this.many(element, 'joins', labels.joins, choices.groups),
      this.onBehalf(element, labels.on_behalf),
      this.many(element, 'signs', labels.signs, choices.documents),
      this.bindings.words(element, 'signs').length > 0 && field(labels.signs_when,
        textInput('signs_when', this.bindings.property(element, 'signs_when'),
          (text) => this.bindings.setProperty(element, 'signs_when', text.trim()), { class: 'code' }),
        { hint: labels.signs_when_hint }),
    ];
  }

  onBehalf(element, label) {
    return field(label, select('on_behalf', this.bindings.property(element, 'on_behalf'), this.choices.roles,
      (role) => this.bindings.setProperty(element, 'on_behalf', role), this.labels.none));
  }

  serviceTask(element) {
    const { labels, bindings, choices } = this;
    const operator = bindings.operator(element);
    const known = choices.steps.find((step) => step.value === operator.name);
    const names = [...new Set([...(known ? known.parameters.map((one) => one.name) : []), ...Object.keys(operator.parameters)])];
    const placeholder = (name) => ((known && known.parameters.find((one) => one.name === name)) || {}).default || '';
    const set = (name, value) => bindings.setOperator(element, operator.name, { ...operator.parameters, [name]: value });
    return [
      suggestion('handler', labels.handler, operator.name, choices.steps,
        (name) => bindings.setOperator(element, name, operator.parameters), { labels }),
      names.length > 0 && h('fieldset', { class: 'editor-group' }, h('legend', {}, labels.parameters),
        names.map((name) => field(name, textInput(`parameter-${name}`, operator.parameters[name] || '',
          (value) => set(name, value), { placeholder: placeholder(name), class: 'code' }))),
        h('p', { class: 'editor-hint' }, labels.parameters_hint)),
      this.deadline(element),
    ];
  }

  callActivity(element) {
    const set = (calledElement) => this.modeler.get('modeling').updateProperties(element, { calledElement });
    return [suggestion('called', this.labels.called, getBusinessObject(element).calledElement || '', this.choices.processes,
      set, { labels: this.labels })];
  }

  lane(element) {
    const { bindings, choices, labels } = this;
    return [field(labels.role, select('role', bindings.property(element, 'role'), choices.roles,
      (role) => bindings.setProperty(element, 'role', role), labels.none))];
  }

  flow(element) {
    const { bindings, labels, choices } = this;
    if (!isAny(element.source, ['bpmn:ExclusiveGateway', 'bpmn:InclusiveGateway'])) return [];
    const isDefault = bindings.isDefault(element);
    const list = h('datalist', { id: 'list-data' }, choices.data.map((one) => h('option', { value: one.value }, one.title)));
    const condition = textInput('condition', bindings.condition(element),
      (text) => bindings.setCondition(element, text), { class: 'code', list: 'list-data', spellcheck: 'false' });
    return [
      checkbox('is_default', labels.is_default, isDefault, (value) => bindings.setDefault(element, value)),
      !isDefault && field(labels.condition, condition, { hint: labels.condition_hint }), list,
    ];
  }

  event(element) {
    const { bindings, labels } = this;
    if (is(element, 'bpmn:StartEvent')) {
      return [
        this.suggested(element, 'formJsonSchemaFilename', labels.form_start, this.choices.forms),
        this.onBehalf(element, labels.begins_too),
      ];
    }
    const fields = [];
    if (bindings.event(element, 'bpmn:TimerEventDefinition')) {
      fields.push(this.deadline(element), field(labels.duration,
        textInput('duration', bindings.duration(element), (value) => bindings.setDuration(element, value), { class: 'code' })));
    }
    if (bindings.event(element, 'bpmn:ErrorEventDefinition')) fields.push(this.errorCode(element));
    if (bindings.event(element, 'bpmn:MessageEventDefinition')) {
      fields.push(suggestion('message', labels.message, bindings.message(element), this.choices.messages,
        (name) => bindings.setMessage(element, name), { labels, hint: labels.message_hint }));
    }
    return fields;
  }

  errorCode(element) {
    const { bindings, labels, choices } = this;
    const host = element.host && bindings.operator(element.host).name;
    const handler = choices.steps.find((step) => step.value === host);
    const codes = handler ? handler.refuses : [];
    return suggestion('error_code', labels.error_code, bindings.errorCode(element), codes,
      (code) => bindings.setErrorCode(element, code), { labels, hint: labels.error_hint });
  }

  loop(element) {
    const { bindings, labels } = this;
    return h('fieldset', { class: 'editor-group' },
      field(labels.collection, textInput('collection', bindings.collection(element), (name) => bindings.setCollection(element, name))),
      field(labels.item, textInput('item', bindings.item(element), (name) => bindings.setItem(element, name))),
      is(element, 'bpmn:UserTask') && this.many(element, 'replaceable', labels.replaceable, this.choices.groups));
  }

  deadline(element) {
    const { bindings, labels, choices } = this;
    const set = (term) => {
      bindings.setProperty(element, 'deadline', term);
      const known = choices.terms.find((one) => one.value === term);
      if (known && bindings.event(element, 'bpmn:TimerEventDefinition')) bindings.setDuration(element, known.duration);
    };
    return suggestion('deadline', labels.deadline, bindings.property(element, 'deadline'), choices.terms, set,
      { labels, hint: labels.deadline_hint });
  }

  requirements(element) {
    return this.many(element, 'requirements', this.labels.requirements, this.choices.requirements);
  }

  suggested(element, name, label, options) {
    const set = (value) => this.bindings.setProperty(element, name, value);
    return suggestion(name, label, this.bindings.property(element, name), options, set, { labels: this.labels });
  }

  many(element, name, label, options) {
    const set = (words) => this.bindings.setWords(element, name, words);
    return chips(name, label, this.bindings.words(element, name), options, set, this.labels);
  }

  identity(element) {
    const { labels } = this;
    const object = getBusinessObject(element);
    const modeling = this.modeler.get('modeling');
    const control = textInput('id', object.id, (id) => {
      const isTaken = object.id !== id && this.modeler.get('moddle').ids.assigned(id);
      if (NAME.test(id) && !RESERVED.includes(id) && !isTaken) modeling.updateProperties(element, { id });
      else {
        control.setCustomValidity(labels.id_wrong);
        control.reportValidity();
      }
    }, { class: 'code' });
    return h('div', { class: 'editor-identity' }, field(labels.id, control, { hint: labels.id_hint }));
  }
}

// Goes on where somebody was typing when the panel was drawn anew.
function resume(control, before) {
  if (control.value !== before.value && 'selectionStart' in before) {
    control.value = before.value;
    control.dispatchEvent(new Event('input'));
  }
  control.focus();
  if (before.type === 'text' || before.type === 'search' || before.type === 'textarea') {
    control.setSelectionRange(before.selectionStart, before.selectionEnd);
  }
}

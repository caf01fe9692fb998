// Reads and writes what binds an element to its form, handler, term and people. Each change is one command of the
// modeller, so that it can be undone.
import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil.js';

export class Bindings {
  constructor(modeler) {
    this.modeling = modeler.get('modeling');
    this.factory = modeler.get('bpmnFactory');
    this.modeler = modeler;
  }

  // The element whose words are meant: a pool stands for its process.
  subject(element) {
    const object = getBusinessObject(element);
    return is(object, 'bpmn:Participant') && object.processRef ? object.processRef : object;
  }

  // Properties -------------------------------------------------------------------------------------------------------

  property(element, name) {
    const found = this.propertyList(element).find((property) => property.name === name);
    return found ? found.value || '' : '';
  }

  propertyList(element) {
    const holder = this.extension(element, 'spiffworkflow:Properties');
    return holder ? holder.properties || [] : [];
  }

  setProperty(element, name, value) {
    const kept = this.propertyList(element);
    const at = kept.findIndex((property) => property.name === name);
    const properties = kept.map((property) => ({ name: property.name, value: property.value }));
    if (value && at >= 0) properties[at].value = value;
    else if (value) properties.push({ name, value });
    else if (at >= 0) properties.splice(at, 1);
    else return;
    const holder = properties.length ? this.create('spiffworkflow:Properties', {}) : null;
    if (holder) holder.properties = properties.map((one) => this.child(holder, 'spiffworkflow:Property', one));
    this.setExtension(element, 'spiffworkflow:Properties', holder);
  }

  words(element, name) {
    return this.property(element, name).split(/\s+/).filter(Boolean);
  }

  setWords(element, name, words) {
    this.setProperty(element, name, words.join(' '));
  }

  // Handlers ---------------------------------------------------------------------------------------------------------

  operator(element) {
    const found = this.extension(element, 'spiffworkflow:ServiceTaskOperator');
    const parameters = (found && found.parameterList && found.parameterList.parameters) || [];
    return {
      name: found ? found.id || '' : '',
      parameters: Object.fromEntries(parameters.map((one) => [one.id, one.value || ''])),
    };
  }

  setOperator(element, name, parameters) {
    if (!name) return this.setExtension(element, 'spiffworkflow:ServiceTaskOperator', null);
    const operator = this.create('spiffworkflow:ServiceTaskOperator', { id: name, resultVariable: '' });
    const given = Object.entries(parameters).filter(([, value]) => value !== '');
    if (given.length) {
      operator.parameterList = this.child(operator, 'spiffworkflow:Parameters', {});
      operator.parameterList.parameters = given.map(([id, value]) =>
        this.child(operator.parameterList, 'spiffworkflow:Parameter', { id, type: 'str', value }));
    }
    return this.setExtension(element, 'spiffworkflow:ServiceTaskOperator', operator);
  }

  // What the standard itself has words for ------------------------------------------------------------------------------

  documentation(element) {
    const found = this.subject(element).documentation;
    return found && found.length ? found[0].text || '' : '';
  }

  setDocumentation(element, text) {
    const subject = this.subject(element);
    this.update(element, { documentation: text ? [this.child(subject, 'bpmn:Documentation', { text })] : [] });
  }

  condition(element) {
    const found = getBusinessObject(element).conditionExpression;
    return found ? found.body || '' : '';
  }

  setCondition(element, body) {
    const flow = getBusinessObject(element);
    const conditionExpression = body ? this.child(flow, 'bpmn:FormalExpression', { body }) : undefined;
    this.modeling.updateProperties(element, { conditionExpression });
  }

  isDefault(element) {
    return getBusinessObject(element.source).default === getBusinessObject(element);
  }

  setDefault(element, isDefault) {
    this.modeling.updateProperties(element.source, { default: isDefault ? getBusinessObject(element) : undefined });
  }

  event(element, type) {
    return (getBusinessObject(element).eventDefinitions || []).find((definition) => is(definition, type));
  }

  duration(element) {
    const timer = this.event(element, 'bpmn:TimerEventDefinition');
    return timer && timer.timeDuration ? timer.timeDuration.body || '' : '';
  }

  setDuration(element, body) {
    const timer = this.event(element, 'bpmn:TimerEventDefinition');
    const timeDuration = body ? this.child(timer, 'bpmn:FormalExpression', { body }) : undefined;
    this.modeling.updateModdleProperties(element, timer, { timeDuration });
  }

  message(element) {
    const event = this.event(element, 'bpmn:MessageEventDefinition');
    return event && event.messageRef ? event.messageRef.name || '' : '';
  }

  setMessage(element, name) {
    const event = this.event(element, 'bpmn:MessageEventDefinition');
    const definitions = this.modeler.getDefinitions();
    let message = definitions.rootElements.find((root) => is(root, 'bpmn:Message') && root.name === name);
    if (name && !message) {
      message = this.child(definitions, 'bpmn:Message', { id: `message_${name}`, name });
      const rootElements = [...definitions.rootElements, message];
      this.modeling.updateModdleProperties(element, definitions, { rootElements });
    }
    this.modeling.updateModdleProperties(element, event, { messageRef: name ? message : undefined });
  }

  errorCode(element) {
    const event = this.event(element, 'bpmn:ErrorEventDefinition');
    return event && event.errorRef ? event.errorRef.errorCode || '' : '';
  }

  setErrorCode(element, code) {
    const event = this.event(element, 'bpmn:ErrorEventDefinition');
    const definitions = this.modeler.getDefinitions();
    let error = definitions.rootElements.find((root) => is(root, 'bpmn:Error') && root.errorCode === code);
    if (code && !error) {
      error = this.child(definitions, 'bpmn:Error', { id: `error_${code}`, name: code, errorCode: code });
      const rootElements = [...definitions.rootElements, error];
      this.modeling.updateModdleProperties(element, definitions, { rootElements });
    }
    this.modeling.updateModdleProperties(element, event, { errorRef: code ? error : undefined });
  }

  loop(element) {
    const found = getBusinessObject(element).loopCharacteristics;
    return found && is(found, 'bpmn:MultiInstanceLoopCharacteristics') ? found : null;
  }

  collection(element) {
    const loop = this.loop(element);
    return loop && loop.loopDataInputRef ? loop.loopDataInputRef.id : '';
  }

  setCollection(element, name) {
    const loop = this.loop(element);
    const process = this.process(element);
    let found = (process.properties || []).find((property) => property.id === name);
    if (name && !found) {
      found = this.child(process, 'bpmn:Property', { id: name, name });
      const properties = [...(process.properties || []), found];
      this.modeling.updateModdleProperties(element, process, { properties });
    }
    this.modeling.updateModdleProperties(element, loop, { loopDataInputRef: name ? found : undefined });
  }

  item(element) {
    const loop = this.loop(element);
    return loop && loop.inputDataItem ? loop.inputDataItem.id : '';
  }

  setItem(element, id) {
    const loop = this.loop(element);
    const inputDataItem = id ? this.child(loop, 'bpmn:DataInput', { id }) : undefined;
    this.modeling.updateModdleProperties(element, loop, { inputDataItem });
  }

  // Helpers ------------------------------------------------------------------------------------------------------------

  update(element, properties) {
    this.modeling.updateModdleProperties(element, this.subject(element), properties);
  }

  process(element) {
    let found = getBusinessObject(element);
    while (found && !is(found, 'bpmn:Process')) found = found.$parent;
    return found;
  }

  extension(element, type) {
    const holder = this.subject(element).extensionElements;
    return holder ? (holder.values || []).find((value) => value.$type === type) : undefined;
  }

  setExtension(element, type, value) {
    const subject = this.subject(element);
    const values = subject.extensionElements ? [...(subject.extensionElements.values || [])] : [];
    const at = values.findIndex((one) => one.$type === type);
    if (at >= 0) values.splice(at, 1, ...(value ? [value] : []));
    else if (value) values.push(value);
    const holder = values.length ? this.child(subject, 'bpmn:ExtensionElements', { values }) : undefined;
    for (const one of values) one.$parent = holder;
    this.update(element, { extensionElements: holder });
  }

  create(type, properties) {
    return type.startsWith('bpmn:')
      ? this.factory.create(type, properties)
      : this.modeler.get('moddle').create(type, properties);
  }

  child(parent, type, properties) {
    const made = this.create(type, properties);
    made.$parent = parent;
    return made;
  }
}

// What is changed in the modeller: its language, and that it offers only what can be run.
import russian from 'bpmn-js-i18n/translations/ru.js';

const WORDS = {
  ...russian,
  'Conditional flow': 'Поток с условием', // the dictionary says "border flow"
  'Append task': 'Добавить задачу',
  'User task': 'Задача человека',
  'Service task': 'Шаг системы',
  'Call activity': 'Вызов схемы',
};

export function translation(language) {
  const words = language === 'ru' ? WORDS : {};
  const translate = (template, facts = {}) =>
    (words[template] || template).replace(/{([^}]+)}/g, (place, key) => facts[key] ?? place);
  return { translate: ['value', translate] };
}

// Entries of the change menu that lead to something that runs. Everything else is refused by the check, so it is not offered.
const RUNS = [
  'replace-with-none-start', 'replace-with-none-end', 'replace-with-terminate-end', 'replace-with-error-end',
  'replace-with-timer-intermediate-catch', 'replace-with-message-intermediate-catch', 'replace-with-timer-boundary',
  'replace-with-non-interrupting-timer-boundary',
  'replace-with-error-boundary', 'replace-with-exclusive-gateway', 'replace-with-parallel-gateway',
  'replace-with-inclusive-gateway', 'replace-with-event-based-gateway', 'replace-with-user-task',
  'replace-with-service-task', 'replace-with-call-activity', 'replace-with-sequence-flow', 'replace-with-default-flow',
  'toggle-parallel-mi',
];
const OFFERED = [
  'hand-tool', 'lasso-tool', 'space-tool', 'global-connect-tool', 'tool-separator', 'create.start-event',
  'create.intermediate-event', 'create.end-event', 'create.exclusive-gateway', 'create.participant-expanded',
];
const LATE = 500; // after the modeller's own providers, whose entries are changed here

function OnlyWhatRuns(popupMenu) {
  const filter = (entries) => Object.fromEntries(Object.entries(entries).filter(([id]) => RUNS.includes(id)));
  popupMenu.registerProvider('bpmn-replace', LATE, {
    getPopupMenuEntries: () => filter,
    getPopupMenuHeaderEntries: () => filter,
  });
}
OnlyWhatRuns.$inject = ['popupMenu'];

const ADDITIONS = [
  ['bpmn:UserTask', 'bpmn-icon-user-task', 'task_user'],
  ['bpmn:ServiceTask', 'bpmn-icon-service-task', 'task_service'],
  ['bpmn:CallActivity', 'bpmn-icon-call-activity', 'call'],
];

function Additions(palette, contextPad, create, elementFactory, autoPlace, labels) {
  const shape = (type) => elementFactory.createShape({ type });
  const place = (type) => (event) => create.start(event, shape(type));

  palette.registerProvider(LATE, {
    getPaletteEntries: () => (entries) => {
      const kept = Object.fromEntries(OFFERED.filter((id) => entries[id]).map((id) => [id, entries[id]]));
      for (const [type, className, label] of ADDITIONS) {
        kept[`create.${label}`] = {
          group: 'activity', className, title: labels[label], action: { dragstart: place(type), click: place(type) },
        };
      }
      return kept;
    },
  });

  contextPad.registerProvider(LATE, {
    getContextPadEntries: (element) => (entries) => {
      if (!entries['append.append-task']) return entries;
      const { 'append.append-task': gone, 'append.text-annotation': note, ...kept } = entries;
      for (const [type, className, label] of ADDITIONS) {
        kept[`append.${label}`] = {
          group: 'model',
          className,
          title: labels[label],
          action: {
            click: () => autoPlace.append(element, shape(type)),
            dragstart: (event) => create.start(event, shape(type), { source: element }),
          },
        };
      }
      return kept;
    },
  });
}
Additions.$inject = ['palette', 'contextPad', 'create', 'elementFactory', 'autoPlace', 'labels'];

export function offering(labels) {
  return {
    __init__: ['onlyWhatRuns', 'additions'],
    onlyWhatRuns: ['type', OnlyWhatRuns],
    additions: ['type', Additions],
    labels: ['value', labels],
  };
}

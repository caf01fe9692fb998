// A multi-instance task names its list by reference. Where no element of that name exists, the library drops the name on
// saving; so each one that is missing is declared as a property of its process before the file is opened.
const BPMN = 'http://www.omg.org/spec/BPMN/20100524/MODEL';

export function declareCollections(xml) {
  const file = new DOMParser().parseFromString(xml, 'application/xml');
  if (file.querySelector('parsererror')) return xml;
  const ids = new Set([...file.querySelectorAll('[id]')].map((element) => element.getAttribute('id')));
  let isChanged = false;
  for (const reference of file.getElementsByTagNameNS(BPMN, 'loopDataInputRef')) {
    const name = reference.textContent.trim();
    const process = owner(reference);
    if (!name || ids.has(name) || !process) continue;
    const property = file.createElementNS(BPMN, process.prefix ? `${process.prefix}:property` : 'property');
    property.setAttribute('id', name);
    property.setAttribute('name', name);
    process.insertBefore(property, afterHead(process));
    ids.add(name);
    isChanged = true;
  }
  return isChanged ? new XMLSerializer().serializeToString(file) : xml;
}

function owner(element) {
  let found = element;
  while (found && found.localName !== 'process') found = found.parentElement;
  return found;
}

// The standard wants properties after documentation and extensions, before lanes and nodes.
function afterHead(process) {
  const head = ['documentation', 'extensionElements', 'auditing', 'monitoring', 'property'];
  return [...process.children].find((child) => !head.includes(child.localName)) || null;
}

'use strict';

const text = (tag, content, className) => {
  const element = document.createElement(tag);
  element.textContent = content;
  if (className) element.className = className;
  return element;
};

const resolve = (api, schema) => {
  for (let hop = 0; schema?.$ref && hop < 8; hop++) {
    schema = schema.$ref.slice(2).split('/').reduce((node, part) => node?.[part], api);
  }
  return schema ?? {};
};

// A schema as the JSON that it describes, to a depth that a reader can follow.
const sketch = (api, raw, depth = 0) => {
  let schema = resolve(api, raw);
  const choice = (schema.oneOf ?? schema.anyOf)?.find(one => one.type !== 'null');
  if (choice) schema = resolve(api, choice);
  const type = [].concat(schema.type ?? (schema.properties ? 'object' : 'any')).filter(one => one !== 'null').join(' or ');
  if (depth > 4) return '…';
  if (schema.enum) return schema.enum.join(' | ');
  if (type === 'array') return [sketch(api, schema.items, depth + 1)];
  if (type === 'object' && schema.properties) {
    return Object.fromEntries(Object.entries(schema.properties).map(([name, property]) =>
      [schema.required?.includes(name) ? name : name + '?', sketch(api, property, depth + 1)]));
  }
  const bounds = ['format', 'minimum', 'maximum', 'minLength', 'maxLength', 'pattern'].filter(key => schema[key] !== undefined).map(key => `${key} ${schema[key]}`);
  return [type || 'any', ...bounds].join(', ');
};

const bodyOf = (api, title, content) => {
  const schema = content?.['application/json']?.schema ?? content?.['application/problem+json']?.schema;
  if (!schema) return [];
  return [text('h4', title), text('pre', JSON.stringify(sketch(api, schema), null, 2))];
};

const operationOf = (api, path, method, operation) => {
  const details = document.createElement('details');
  const summary = document.createElement('summary');
  summary.append(text('span', method.toUpperCase(), `method ${method}`), path);
  details.append(summary);
  details.dataset.words = `${method} ${path} ${operation.summary ?? ''} ${operation.description ?? ''}`.toLowerCase();
  details.addEventListener('toggle', () => {
    if (details.childElementCount > 1) return;
    if (operation.summary) details.append(text('p', operation.summary));
    if (operation.description) details.append(text('p', operation.description));
    if (operation.parameters?.length) {
      const table = document.createElement('table');
      for (const parameter of operation.parameters) {
        const row = table.insertRow();
        row.append(text('td', parameter.name), text('td', parameter.in + (parameter.required ? ', required' : '')), text('td', String(sketch(api, parameter.schema))));
      }
      details.append(text('h4', 'Parameters'), table);
    }
    details.append(...bodyOf(api, 'Request', operation.requestBody?.content));
    for (const [status, response] of Object.entries(operation.responses ?? {})) {
      details.append(text('p', `${status} ${response.description ?? ''}`), ...bodyOf(api, `Answer ${status}`, response.content));
    }
  });
  return details;
};

const show = api => {
  const groups = new Map();
  for (const [path, operations] of Object.entries(api.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const tag = operation.tags?.[0] ?? 'other';
      if (!groups.has(tag)) groups.set(tag, []);
      groups.get(tag).push(operationOf(api, path, method, operation));
    }
  }
  const main = document.getElementById('operations');
  for (const [tag, operations] of groups) {
    const section = document.createElement('section');
    section.append(text('h2', tag), ...operations);
    main.append(section);
  }
  const missing = api['x-missing']?.length ? ` Not answering now: ${api['x-missing'].join(', ')}.` : '';
  document.getElementById('note').textContent = `${main.querySelectorAll('details').length} operations.${missing}`;
};

document.getElementById('filter').addEventListener('input', event => {
  const word = event.target.value.toLowerCase();
  for (const details of document.querySelectorAll('details')) details.hidden = !details.dataset.words.includes(word);
});

fetch('/openapi/v1.json')
  .then(answer => answer.ok ? answer.json() : Promise.reject(new Error(`status ${answer.status}`)))
  .then(show)
  .catch(error => { document.getElementById('note').textContent = `The document cannot be loaded: ${error.message}.`; });

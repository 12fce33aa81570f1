// Calls every method of the vendor's ChatAgent on a real server, as a program of a customer's would, and judges what comes
// back by the client's own declarations (its *.d.ts): carriers, enumerations, flags, dates, durations, null.
//
//     node calls.js <directory with node_modules> <base URL>
//
// Each line of the output is a check: {"name": ..., "faults": [...]}; the last one is {"methods": [...called]}.
'use strict';
const fs = require('fs');
const path = require('path');

const [directory, url] = process.argv.slice(2);
const library = path.join(directory, 'node_modules/@superoffice/webapi/dist/cjs');
const api = require(path.join(library, 'WebApi.js'));
const enums = require(path.join(library, 'Enums.js'));
const dayjs = require(require.resolve('dayjs', { paths: [directory] }));

// In the zone of Greenwich, or as many programs do it, in none: then times are read as the program's own.
function client(name, zoned = true) {
  const options = { baseUrl: url, axiosConfig: { auth: { username: name, password: name }, timeout: 30000 } };
  return new api.ChatAgent(zoned ? { ...options, timezone: 'UTC', timezoneInclude: true } : options);
}

// ---------------------------------------------------------------- the client's declarations

const interfaces = {};
const declarations = fs.readFileSync(path.join(library, 'Carriers.d.ts'), 'utf8');
for (const [, name, , parent, body] of declarations.matchAll(/export interface (\w+)( extends (\w+))? \{\n(.*?)\n\}/gs)) {
  interfaces[name] = { parent, members: [...body.matchAll(/^ {4}(\w+)\??: (.*);$/gm)].map((m) => [m[1], m[2]]) };
  const index = body.match(/\[index: \w+\]: (.*);/);
  interfaces[name].index = index && index[1];
}
const results = {};
const agent = fs.readFileSync(path.join(library, 'ChatAgent.d.ts'), 'utf8');
for (const [, name, type] of agent.matchAll(/^ {4}(\w+Async)\(.*\): Promise<(.*)>;$/gm)) {
  results[name] = type;
}

function membersOf(name) {
  const own = interfaces[name];
  return (own.parent ? membersOf(own.parent) : []).concat(own.members);
}

const simple = {
  number: (v) => typeof v === 'number' && Number.isFinite(v),
  string: (v) => typeof v === 'string',
  boolean: (v) => typeof v === 'boolean',
  Date: (v) => v instanceof Date && !Number.isNaN(v.getTime()),
  Duration: (v) => v !== null && typeof v === 'object' && dayjs.isDuration(v) && Number.isFinite(v.asMinutes()),
  void: (v) => v === '' || v === null || v === undefined,
};

// Names as strings; flags, which the client keeps as numbers, out of the bits that have names.
function isEnum(name, value) {
  const values = Object.values(enums[name]);
  const numbers = values.filter((v) => typeof v === 'number');
  if (!numbers.length) {
    return values.includes(value);
  }
  return Number.isInteger(value) && (value & ~numbers.reduce((a, b) => a | b, 0)) === 0;
}

function judge(type, value, at, faults) {
  const shown = () => (value === undefined ? 'undefined' : JSON.stringify(value)).slice(0, 60);
  if (type.endsWith('[]')) {
    if (!Array.isArray(value)) {
      faults.push(`${at} is ${shown()}, no array`);
      return;
    }
    value.forEach((item, i) => judge(type.slice(0, -2), item, `${at}[${i}]`, faults));
  } else if (type.startsWith('enums.')) {
    if (!isEnum(type.slice(6), value)) {
      faults.push(`${at} is ${shown()}, no ${type}`);
    }
  } else if (simple[type]) {
    if (!simple[type](value)) {
      faults.push(`${at} is ${shown()}, no ${type}`);
    }
  } else {
    judgeCarrier(type.replace('carriers.', ''), value, at, faults);
  }
}

function judgeCarrier(name, value, at, faults) {
  if (!interfaces[name]) {
    faults.push(`${at}: the client does not declare ${name}`);
  } else if (value === undefined) {
    faults.push(`${at} is undefined`);
  } else if (value !== null && interfaces[name].index) {
    Object.entries(value).forEach(([key, v]) => judge(interfaces[name].index, v, `${at}.${key}`, faults));
  } else if (value !== null) {
    membersOf(name).forEach(([member, type]) => judge(type, value[member], `${at}.${member}`, faults));
  }
}

// ---------------------------------------------------------------- checks

const called = new Set();

function report(name, faults) {
  console.log(JSON.stringify({ name, faults }));
}

function check(name, holds, shown) {
  report(name, holds ? [] : [shown === undefined ? 'it does not hold' : `got ${JSON.stringify(shown)}`]);
}

// Calls the method; its result is judged by its declared type, or must be null.
async function call(who, method, ...args) {
  return judged(false, who, method, args);
}
async function callForNull(who, method, ...args) {
  return judged(true, who, method, args);
}
async function judged(isNull, who, method, args) {
  const faults = [];
  let result;
  called.add(method);
  try {
    result = await who[method](...args);
    if (isNull) {
      if (result !== null) faults.push(`it is ${JSON.stringify(result)}, not null`);
    } else if (result === null && results[method] !== 'void') {
      faults.push('it is null');
    } else {
      judge(results[method], result, method, faults);
    }
  } catch (error) {
    faults.push(error.response ? `${error.response.status} ${JSON.stringify(error.response.data).slice(0, 400)}` : String(error));
  }
  report(`${method}(${JSON.stringify(args).slice(1, -1).slice(0, 60)}): ${isNull ? 'null' : results[method]}`, faults);
  return result;
}

async function statusOf(promise) {
  try {
    await promise;
    return 200;
  } catch (error) {
    return error.response ? error.response.status : String(error);
  }
}

// ---------------------------------------------------------------- no zone

// What has no date has none after it was read and saved, wherever the program runs.
async function dates(anna, topicId) {
  const blank = await call(anna, 'createDefaultChatSessionEntityAsync');
  blank.topicId = topicId;
  const made = await call(anna, 'saveChatSessionEntityAsync', blank);
  made.rating = 4;
  const again = await call(anna, 'saveChatSessionEntityAsync', made);
  check('no date stays none', again.whenStarted.getTime() === made.whenStarted.getTime() && again.whenStarted.getFullYear() === 1, again.whenStarted);
  // A time that is set goes through the program's own zone, which it did not tell.
  const rest = (session) => JSON.stringify(session, (name, value) => (/^\d{4}-/.test(value) && Date.parse(value) > 0 ? 'a time' : value));
  check('nothing else changes', rest(again) === rest(made), [rest(again), rest(made)]);
}

// ---------------------------------------------------------------- sessions

async function sessions(anna, otto, admin, topicId) {
  const blank = await call(anna, 'createDefaultChatSessionEntityAsync');
  check('a blank session has no id', blank.chatSessionId === 0);
  check('and no dates', blank.whenStarted.getFullYear() <= 1, blank.whenStarted);

  blank.topicId = topicId;
  blank.customerName = 'Kari Vik';
  blank.status = enums.ChatSessionStatus.InQueue;
  blank.flags = enums.ChatSessionFlags.UserIsTyping;
  blank.whenRequested = new Date('2024-01-15T12:00:00Z');
  blank.contact = { contactId: 77 };
  const made = await call(anna, 'saveChatSessionEntityAsync', blank);
  check('it is created', made.chatSessionId > 0);
  check('with its status', made.status === 'InQueue', made.status);
  check('its flags', made.flags === enums.ChatSessionFlags.UserIsTyping, made.flags);
  check('its contact', made.contact.contactId === 77, made.contact);
  check('what had no date has none', made.whenStarted.getFullYear() <= 1, made.whenStarted);
  const id = made.chatSessionId;

  const read = await call(anna, 'getChatSessionEntityAsync', id);
  check('what is read is what was saved', JSON.stringify(read) === JSON.stringify(made));
  read.customerName = 'Ola Lind';
  const again = await call(anna, 'saveChatSessionEntityAsync', read);
  check('what was read is saved again', again.chatSessionId === id && again.customerName === 'Ola Lind');
  check('and nothing else changes', JSON.stringify({ ...again, customerName: 0 }) === JSON.stringify({ ...read, customerName: 0 }));
  check('a time is the instant that it was', again.whenRequested.toISOString() === '2024-01-15T12:00:00.000Z', again.whenRequested);
  await callForNull(anna, 'getChatSessionEntityAsync', 2147483647);

  const mine = await call(anna, 'chatSessionsForUserAsync');
  check('it is among the user\'s', mine.some((s) => s.chatSessionId === id));
  const picked = await call(anna, 'pickUpChatSessionAsync', id);
  check('it is picked up', picked.status === 'CustomerLast' && picked.user.name === 'anna', picked.status);
  await callForNull(otto, 'pickUpChatSessionAsync', { chatSessionId: id });

  const said = await call(anna, 'addChatMessageAsync', id, {
    type: enums.ChatMessageType.ToCustomer, message: 'Hello', specialType: enums.ChatMessageSpecialType.None,
    whenPosted: new Date('2024-01-15T12:00:00.250Z'),
  });
  check('it is said', said.message === 'Hello' && said.chatSessionId === id && said.type === 'ToCustomer', said);
  const all = await call(anna, 'getChatMessagesAsync', { chatSessionId: id });
  check('all messages', all.some((m) => m.chatMessageId === said.chatMessageId));
  const posted = (await call(anna, 'getChatMessagesAsync', id, said.chatMessageId - 1)).filter((m) => m.message === 'Hello');
  check('posted when it was said', posted[0].whenPosted.toISOString() === '2024-01-15T12:00:00.250Z', posted[0]);
  check('none after the last', (await call(anna, 'getChatMessagesAsync', id, 2147483647)).length === 0);
  check('as text', (await call(anna, 'getChatTranscriptAsync', id, false)).includes(': Hello'));
  check('as HTML', (await call(anna, 'getChatTranscriptAsync', id, true)).startsWith('<p>'));

  const offered = await call(anna, 'transferChatSessionAsync', id, 'otto');
  check('it is offered', offered.transferTo.name === 'otto', offered.transferTo);
  check('refused', (await call(otto, 'rejectChatSessionTransferAsync', id)).transferTo === null);
  await call(anna, 'transferChatSessionAsync', { chatSessionId: id, toAssociate: String(offered.transferTo.associateId) });
  check('taken over', (await call(otto, 'acceptChatSessionTransferAsync', id)).user.name === 'otto');
  check('it starts over', (await call(otto, 'resetChatSessionAsync', id)).user === null);
  const first = await call(otto, 'pickUpFirstChatSessionAsync');
  check('the first that waits is picked up', first.user.name === 'otto');
  while ((await otto.pickUpFirstChatSessionAsync()) !== null);
  await callForNull(otto, 'pickUpFirstChatSessionAsync');
  await callForNull(otto, 'resetChatSessionAsync', 2147483647);
  await callForNull(otto, 'getChatTranscriptAsync', 2147483647, false);

  check('who may not is told', (await statusOf(otto.deleteChatSessionEntityAsync(id))) === 403);
  check('a fault is told', (await statusOf(otto.saveChatSessionEntityAsync({ chatSessionId: id, rating: 'five' }))) === 400);
  await call(admin, 'deleteChatSessionEntityAsync', id);
  await callForNull(anna, 'getChatSessionEntityAsync', id);
}

// ---------------------------------------------------------------- topics

async function topics(anna, admin) {
  const blank = await call(admin, 'createDefaultChatTopicEntityAsync');
  check('a blank topic has no id', blank.chatTopicId === 0);
  blank.name = 'Help desk';
  blank.welcomeMessage = 'Hello';
  blank.openingHoursEnabled = true;
  blank.openingHours = blank.openingHours || {};
  Object.assign(blank.openingHours, { monEnabled: true, monStart: dayjs.duration({ hours: 8, minutes: 30 }), monStop: dayjs.duration({ hours: 16 }) });
  blank.widget = blank.widget || {};
  blank.widget.requiredFields = enums.WidgetRequiredFields.Email | enums.WidgetRequiredFields.Name;
  const made = await call(admin, 'saveChatTopicEntityAsync', blank);
  const id = made.chatTopicId;
  check('it is created', id > 0 && made.name === 'Help desk', made);
  check('with its hours', made.openingHours.monEnabled && made.openingHours.monStart.asMinutes() === 510 && made.openingHours.monStop.asHours() === 16, made.openingHours);
  check('with its flags', made.widget.requiredFields === 3, made.widget.requiredFields);

  const read = await call(admin, 'getChatTopicEntityAsync', id);
  check('what is read is what was saved', JSON.stringify(read) === JSON.stringify(made));
  read.description = 'changed';
  read.openingHoursEnabled = false;
  const again = await call(admin, 'saveChatTopicEntityAsync', read);
  check('what was read is saved again', again.chatTopicId === id && again.description === 'changed');
  check('and nothing else changes', JSON.stringify({ ...again, description: 0 }) === JSON.stringify({ ...read, description: 0 }));
  check('it is open without hours', (await call(admin, 'isWithinOpeningHoursAsync', id)) === true);
  await callForNull(admin, 'getChatTopicEntityAsync', 2147483647);

  const agent = await call(admin, 'createDefaultChatTopicAgentAsync');
  check('a blank agent', agent.topicId === 0 && agent.user === null && agent.canRespond === false, agent);
  agent.user = { associateId: 1 };
  agent.canRespond = true;
  const added = await call(admin, 'addChatTopicUserAgentAsync', id, agent);
  check('is added', added.topicId === id && added.user.name === 'anna' && added.canRespond && !added.canManage, added);
  const got = await call(anna, 'getChatTopicUserAgentAsync', id, 'anna');
  check('is found by name', got.user.associateId === 1);
  got.canNotify = true;
  const updated = await call(admin, 'updateChatTopicUserAgentAsync', id, '1', got);
  check('is changed', updated.canNotify && updated.canRespond);
  check('is one of all', (await call(anna, 'getChatTopicUserAgentListAsync', id)).length === 1);
  const all = await call(admin, 'updateChatTopicUserAgentsAsync', id, [got, { user: { associateId: 2 }, canManage: true }]);
  check('all are replaced', all.length === 2 && all.some((a) => a.user.name === 'otto' && a.canManage), all);
  check('it is among the user\'s', (await call(anna, 'chatTopicsForUserAsync')).some((t) => t.chatTopicId === id));
  const session = await call(anna, 'createChatSessionForTopicAsync', id);
  check('a session starts', session.chatSessionId > 0 && session.topicId === id, session.topicId);
  await call(admin, 'deleteChatTopicUserAgentAsync', id, 'otto');
  await callForNull(admin, 'getChatTopicUserAgentAsync', id, 'otto');
  await callForNull(admin, 'createChatSessionForTopicAsync', 2147483647);

  const flat = await call(anna, 'getUserAgentListAsync', true, false);
  check('users one by one', flat.length > 0 && flat.every((item) => item.childItems.length === 0));
  const groups = await call(anna, 'getUserAgentListAsync', { flat: false, onlyPresent: false });
  check('users by groups', groups.length > 0 && groups.some((item) => item.childItems.length > 0));

  const presences = await call(admin, 'getChatPresenceAsync');
  check('who is there', presences.length > 0);
  presences.forEach((presence) => { presence.present = true; });
  await call(admin, 'saveChatPresenceAsync', presences);
  check('all are', (await call(admin, 'getChatPresenceAsync')).every((presence) => presence.present));
  check('then they are found so', (await call(anna, 'getUserAgentListAsync', true, true)).length === flat.length);
  presences.forEach((presence) => { presence.present = false; });
  await call(admin, 'saveChatPresenceAsync', { chatPresence: presences });
  check('and not any more', (await call(anna, 'getUserAgentListAsync', true, true)).length === 0);
  await admin.saveChatPresenceAsync(presences.map(({ userId }) => ({ userId, present: true }))); // sessions need agents

  check('who may not is told', (await statusOf(anna.deleteChatTopicEntityAsync(id))) === 403);
  await call(admin, 'deleteChatTopicEntityAsync', id);
  await callForNull(admin, 'getChatTopicEntityAsync', id);
}

async function main() {
  await dates(client('anna', false), 1); // first: a client's zone is that of all that are made after it
  const [anna, otto, admin] = ['anna', 'otto', 'admin'].map((name) => client(name));
  await topics(anna, admin);
  await sessions(anna, otto, admin, 1);
  console.log(JSON.stringify({ methods: [...called], declared: Object.keys(results) }));
}

main().catch((error) => {
  report(`the calls go on: ${error.stack}`, ['they ended here']);
  process.exitCode = 1;
});

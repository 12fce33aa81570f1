// The peer in Node: fastify and postgres.js, a worker per core.
'use strict';
const cluster = require('cluster');
const fs = require('fs');
const {PORT, SOCKET, SHAPE, ENTITY, WORKERS, POOL} = process.env;

if (cluster.isPrimary) {
    for (let i = 0; i < +WORKERS; i++) cluster.fork();
    cluster.on('exit', () => process.exit(1));
    return;
}
const shape = JSON.parse(fs.readFileSync(SHAPE));
const sql = require('postgres')({host: SOCKET, database: 'bench', user: 'chatsession', max: +POOL, prepare: true});
const users = new Map([['Basic ' + Buffer.from('anna:anna').toString('base64'), 'anna']]); // verified before
const app = require('fastify')({logger: false, maxParamLength: 20});
const entity = require(ENTITY);

function args(body, first) {
    const out = first;
    for (const c of shape.columns) {
        let v = body[c.name];
        if (v === undefined || v === null) v = c.type === 'text' ? '' : c.type === 'bool' ? 'false' : c.type === 'timestamp' ? null : c.unset;
        else if (c.key) v = v[c.key] || c.unset;
        else if (typeof v === 'string' && v in c.words) v = c.words[v];
        out.push(v === null || c.type === 'text' ? v : String(v));
    }
    return out;
}

function send(request, reply, rows, full) {
    if (!rows.length) return reply.code(404).send({Message: 'not there'});
    const etag = '"' + rows[0][0] + '"';
    reply.header('ETag', etag).header('Cache-Control', 'no-store');
    if (request.method === 'GET' && request.headers['if-none-match'] === etag) return reply.code(304).send();
    return reply.type('application/json; charset=utf-8').send((full ? entity.full : entity.none)(rows[0]));
}

app.addHook('onRequest', (request, reply, done) => {
    request.user = users.get(request.headers.authorization);
    if (!request.user) { reply.code(401).header('WWW-Authenticate', 'Basic realm="chat"').send({Message: 'who?'}); return; }
    done();
});
for (const [root, full] of [['/none', false], ['/full', true]]) {
    const path = root + '/api/v1/ChatSession';
    app.get(path, async (q, reply) => {
        const owner = /eq (\d+)/.exec(q.query['$filter'])[1];
        const rows = await sql.unsafe(shape.list, [q.user, owner], {prepare: true}).values();
        return reply.header('Cache-Control', 'no-store').type('application/json; charset=utf-8').send(shape.list_head + rows.map(entity.row).join(',') + ']}');
    });
    app.get(path + '/:id', async (q, reply) => send(q, reply, await sql.unsafe(shape.get, [q.user, q.params.id], {prepare: true}).values(), full));
    app.put(path + '/:id', async (q, reply) => send(q, reply, await sql.unsafe(shape.put, args(q.body, [q.user, q.params.id]), {prepare: true}).values(), full));
    app.post(path, async (q, reply) => send(q, reply, await sql.unsafe(shape.post, args(q.body, [q.user]), {prepare: true}).values(), full));
}
app.listen({port: +PORT, host: '127.0.0.1'});

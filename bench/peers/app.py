# The peer in Python: Starlette and asyncpg under uvicorn with uvloop and httptools.
import base64, json, os, re

import asyncpg
import entity
from starlette.responses import Response

shape = json.load(open(os.environ["SHAPE"]))
users = {b"Basic " + base64.b64encode(b"anna:anna"): "anna"}  # verified before
pool = None


def args(body, out):
    for c in shape["columns"]:
        v = body.get(c["name"])
        if v is None:
            v = {"text": "", "bool": "false", "timestamp": None}.get(c["type"], c["unset"])
        elif c["key"]:
            v = v.get(c["key"]) or c["unset"]
        elif v is True or v is False:
            v = "true" if v else "false"
        elif isinstance(v, str) and v in c["words"]:
            v = c["words"][v]
        out.append(v if v is None or isinstance(v, str) else str(v))
    return out


async def body_of(receive):
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return json.loads(body)


async def app(scope, receive, send):
    global pool
    if scope["type"] != "http":
        return
    if pool is None:
        pool = await asyncpg.create_pool(host=os.environ["SOCKET"], user="chatsession", database="bench",
                                         min_size=int(os.environ["POOL"]), max_size=int(os.environ["POOL"]),
                                         max_cacheable_statement_size=0)
    headers = dict(scope["headers"])
    user = users.get(headers.get(b"authorization"))
    path = scope["path"]
    full = path.startswith("/full")
    last = path.rsplit("/", 1)[1]
    if not user:
        await Response(status_code=401)(scope, receive, send)
        return
    if scope["method"] == "GET" and scope["query_string"]:
        owner = re.search(rb"eq%20(\d+)", scope["query_string"])[1].decode()
        async with pool.acquire() as connection:
            rows = await connection.fetch(shape["list"], user, owner)
        await Response(shape["list_head"] + ",".join(map(entity.row, rows)) + "]}", media_type="application/json",
                       headers={"Cache-Control": "no-store"})(scope, receive, send)
        return
    if scope["method"] == "GET":
        statement, values = shape["get"], [user, last]
    elif scope["method"] == "PUT":
        statement, values = shape["put"], args(await body_of(receive), [user, last])
    else:
        statement, values = shape["post"], args(await body_of(receive), [user])
    async with pool.acquire() as connection:
        row = await connection.fetchrow(statement, *values)
    if row is None:
        await Response(status_code=404)(scope, receive, send)
        return
    etag = '"' + row[0] + '"'
    common = {"ETag": etag, "Cache-Control": "no-store"}
    if scope["method"] == "GET" and headers.get(b"if-none-match") == etag.encode():
        await Response(status_code=304, headers=common)(scope, receive, send)
        return
    text = entity.full(row) if full else entity.none(row)
    await Response(text, media_type="application/json", headers=common)(scope, receive, send)

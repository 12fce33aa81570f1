# What bench/run runs once everything is installed and built: servers, data, checks, measurements, table and chart.
import atexit, base64, json, os, pwd, random, re, shutil, signal, socket, statistics, subprocess, sys, tempfile, time
import urllib.error, urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(HERE)
SESSIONS = int(float(os.environ.get("SCALE", "1")) * 1_000_000)
ROUNDS = int(os.environ.get("ROUNDS", "5"))
SECONDS = int(os.environ.get("SECONDS_EACH", "3"))
MEMORY = int(float(os.environ.get("MEMORY", "1000000")))
PEERS = os.environ.get("PEERS", "node php fpm starlette").split()
OUT = os.path.abspath(os.environ.get("OUT", os.path.join(TOP, "doc")))
VAR = tempfile.mkdtemp(prefix="chatsession-bench.", dir=os.environ.get("VAR", "/var/tmp"))
ROOT = os.getuid() == 0
WEB, DATABASE = ("www-data", "postgres") if ROOT else (None, None)
PROGRAMS = sorted(f"/usr/lib/postgresql/{v}/bin" for v in os.listdir("/usr/lib/postgresql"))[-1]
MAKEFILE = open(os.path.join(TOP, "build/Makefile")).read()
MODULES = re.search(r"^HTTPD_MODULES = (.*)$", MAKEFILE, re.M).group(1)
HTTPD = re.search(r"^HTTPD_PROGRAM = (.*)$", MAKEFILE, re.M).group(1)
API = "/api/v1/ChatSession"
LINKS = "http://chat.example" + "/none" + API
AUTH = "Basic " + base64.b64encode(b"anna:anna").decode()
SOCKET = VAR + "/socket"
CORES = os.cpu_count()
started = []  # what ends with us


def say(text):
    print(text, flush=True)


# ---------------------------------------------------------------- processes

def account(name):
    def become():
        os.setsid()
        if name:
            os.initgroups(name, pwd.getpwnam(name).pw_gid)
            os.setgid(pwd.getpwnam(name).pw_gid)
            os.setuid(pwd.getpwnam(name).pw_uid)
    return become


def start(name, command, who=None, **environment):
    log = open(f"{VAR}/log/{name}", "ab")
    process = subprocess.Popen(command, cwd=VAR, stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=account(who),
                               env={**os.environ, "HOME": VAR, **environment})
    started.append((name, process))
    return process


def stop_all():
    for name, process in reversed(started):
        if process.poll() is None:
            os.kill(process.pid, signal.SIGINT if name == "postgres" else signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
    if not os.environ.get("KEEP"):
        shutil.rmtree(VAR, ignore_errors=True)


def run(command, who=None, **more):
    result = subprocess.run(command, cwd="/", preexec_fn=account(who), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)
    if result.returncode:
        sys.exit(f"{' '.join(command)[:200]}\n{result.stdout[-2000:]}")
    return result.stdout


def tree(pid):
    """The process and all below it."""
    children = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                parent = int(open(f"/proc/{entry}/stat").read().rsplit(")", 1)[1].split()[1])
                children.setdefault(parent, []).append(int(entry))
            except (OSError, IndexError):
                pass
    found = [pid]
    for process in found:
        found += children.get(process, [])
    return found


def cpu(pids):
    """Seconds of CPU of these trees, those of children that have ended included."""
    ticks = 0
    for pid in pids:
        for process in tree(pid):
            try:
                ticks += sum(map(int, open(f"/proc/{process}/stat").read().rsplit(")", 1)[1].split()[11:15]))
            except OSError:
                pass
    return ticks / os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(what, condition, seconds=60):
    end = time.time() + seconds
    while not condition():
        if time.time() > end:
            tails = "".join(f"\n== {f}\n" + open(f"{VAR}/log/{f}", errors="replace").read()[-1500:] for f in os.listdir(VAR + "/log"))
            sys.exit(f"{what} does not start{tails}")
        time.sleep(0.1)


# ---------------------------------------------------------------- PostgreSQL

def start_postgres(databases, buffers="1GB", settings=lambda cluster: ""):
    """With that many sessions in each database; settings may ask the cluster, before it starts, what else it is to have."""
    say("PostgreSQL: a new cluster")
    cluster = VAR + "/postgres"
    for directory, owner, mode in ((cluster, DATABASE, 0o700), (SOCKET, DATABASE, 0o755)):
        os.mkdir(directory, mode)
        os.chmod(directory, mode)
        if owner:
            shutil.chown(directory, owner, owner)
    run([PROGRAMS + "/initdb", "-D", cluster, "-U", "postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust"], DATABASE)
    with open(cluster + "/postgresql.conf", "a") as conf:
        conf.write(f"listen_addresses = ''\nunix_socket_directories = '{SOCKET}'\nunix_socket_permissions = 0770\n"
                      + f"shared_buffers = {buffers}\nmax_connections = 100\nmax_wal_size = 4GB\ncheckpoint_timeout = 30min\n")
    more = settings(cluster)
    with open(cluster + "/postgresql.conf", "a") as conf:
        conf.write(more)
    if ROOT:  # the web account gets in, nobody else
        shutil.chown(SOCKET, DATABASE, WEB)
        os.chmod(SOCKET, 0o2770)
    process = start("postgres", [PROGRAMS + "/postgres", "-D", cluster], DATABASE)
    wait_for("PostgreSQL", lambda: subprocess.run([PROGRAMS + "/pg_isready", "-q", "-h", SOCKET]).returncode == 0)
    for name, sessions in databases.items():
        load_database(name, sessions)
    return process


def database_environment():
    return {**os.environ, "PGHOST": SOCKET, "PGUSER": "postgres", "PATH": PROGRAMS + ":" + os.environ["PATH"]}


def load_database(name, sessions):
    environment = database_environment()
    psql = [PROGRAMS + "/psql", "-Xq"]
    run(psql + ["-d", "postgres", "-c", f"CREATE DATABASE {name}"], env=environment)
    run([TOP + "/sql/migrate", "-d", name], env=environment)
    for setting in ("plan_cache_mode = force_generic_plan", "jit = off", "random_page_cost = 1.1", "search_path = chatsession"):
        run(psql + ["-d", "postgres", "-c", f"ALTER DATABASE {name} SET {setting}"], env=environment)
    say(f"PostgreSQL: loading {sessions:,} sessions and what they refer to")
    began = time.time()
    run(psql + ["-d", name, "-v", f"sessions={sessions}", "-f", HERE + "/load.sql"], env=environment)
    say(f"PostgreSQL: loaded in {time.time() - began:.0f} s")


# ---------------------------------------------------------------- httpd and the peers

def httpd_conf(name, port, modules, server):
    identity = f"User {WEB}\nGroup {WEB}\n" if ROOT else ""
    os.makedirs(f"{VAR}/{name}", exist_ok=True)
    load = "".join(f"LoadModule {m.split('=')[0]}_module {MODULES}/{m.split('=')[-1] if '=' in m else 'mod_' + m + '.so'}\n"
                   for m in modules)
    text = f"""ServerRoot "{VAR}/{name}"
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
PidFile "{VAR}/{name}/pid"
DefaultRuntimeDir "{VAR}/{name}"
ErrorLog "{VAR}/log/{name}.error"
LogLevel warn
{load}{identity}KeepAlive On
MaxKeepAliveRequests 0
KeepAliveTimeout 30
DocumentRoot "{VAR}/htdocs"
<Directory "{VAR}">
    AllowOverride None
    Require all granted
</Directory>
{server}"""
    open(f"{VAR}/{name}/httpd.conf", "w").write(text)
    process = start(name, [HTTPD, "-d", f"{VAR}/{name}", "-f", f"{VAR}/{name}/httpd.conf", "-DFOREGROUND"])
    wait_for(name, lambda: answers(port))
    return process


def answers(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


BASIC = "authn_core authn_file authz_core authz_user auth_basic".split()


def basic(users, provider="file"):
    return f"""AuthType Basic
AuthName chat
AuthBasicProvider {provider}
AuthUserFile "{VAR}/{users}"
Require valid-user
"""


def api(path, more, auth, database="bench"):
    return f"""<Location "{path}/api">
ChatSession On
ChatSessionDatabase "host={SOCKET} user=chatsession dbname={database}"
ChatSessionPublicURL http://chat.example
ChatSessionLoginAttempts 0
{more}
{auth}</Location>
"""


def start_httpd(port, places):
    return [httpd_conf("httpd", port, ["mpm_event"] + BASIC, f'LoadModule chatsession_module "{VAR}/mod_chatsession.so"\n'
                       f'LoadModule constant_module "{VAR}/constant.so"\n'
                       f"ServerLimit 1\nStartServers 1\nThreadsPerChild 64\nMaxRequestWorkers 64\n{places}")]


def start_ours(port):
    return start_httpd(port, api("/none", "ChatSessionFieldProperties none", basic("bcrypt", "chatsession"))
                       + api("/full", "ChatSessionFieldProperties full", basic("bcrypt", "chatsession"))
                       + api("/sha", "ChatSessionFieldProperties none", basic("sha"))
                       + api("/bcrypt", "ChatSessionFieldProperties none", basic("bcrypt")))


PHP_PLACE = '<LocationMatch "^/(none|full)/api">\n{handler}\n{auth}</LocationMatch>\nAliasMatch "^/(none|full)/api" "{var}/chat.php"\n'


def start_php(port):
    place = PHP_PLACE.format(handler="SetHandler application/x-httpd-php", auth=basic("sha"), var=VAR)
    return [httpd_conf("php", port, ["mpm_prefork"] + BASIC + ["alias", "php=libphp8.2.so"],
                       f"ServerLimit 24\nStartServers 20\nMinSpareServers 1\nMaxSpareServers 24\nMaxRequestWorkers 24\n{place}")]


def start_fpm(port):
    sock = VAR + "/fpm/sock"
    os.makedirs(VAR + "/fpm", exist_ok=True)
    own = f"user = {WEB}\ngroup = {WEB}\nlisten.owner = {WEB}\nlisten.group = {WEB}\n" if ROOT else ""
    open(VAR + "/fpm/fpm.conf", "w").write(f"[global]\nerror_log = {VAR}/log/fpm.error\ndaemonize = no\n[www]\n{own}listen = {sock}\n"
                                           f"pm = static\npm.max_children = {4 * CORES}\nlisten.backlog = 511\n")
    fpm = start("fpm-pool", ["php-fpm8.2", "-F", "-y", VAR + "/fpm/fpm.conf"])
    wait_for("php-fpm", lambda: os.path.exists(sock))
    place = PHP_PLACE.format(handler=f'SetHandler "proxy:unix:{sock}|fcgi://bench/"', auth=basic("sha"), var=VAR)
    return [httpd_conf("fpm", port, ["mpm_event"] + BASIC + ["alias", "proxy", "proxy_fcgi"],
                       f"ServerLimit 1\nStartServers 1\nThreadsPerChild 64\nMaxRequestWorkers 64\n{place}"), fpm]


def start_node(port):
    directory = VAR + "/node"
    shutil.copytree(HERE + "/peers", directory)
    say("Node: npm install")
    run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", directory])
    return [start("node", ["node", directory + "/server.js"], WEB, PORT=str(port), SOCKET=SOCKET, SHAPE=VAR + "/shape.json", ENTITY=VAR + "/entity.js",
                  WORKERS=str(CORES), POOL="2", NODE_ENV="production")]


def start_starlette(port):
    return [start("starlette", ["/usr/bin/python3", "-m", "uvicorn", "app:app", "--host", "127.0.0.1", "--port", str(port), "--workers", str(CORES),
                                "--loop", "uvloop", "--http", "httptools", "--lifespan", "off", "--no-access-log", "--log-level", "warning"],
                  WEB, SOCKET=SOCKET, SHAPE=VAR + "/shape.json", POOL="2", PYTHONPATH=VAR)]


# An answer as one expression in the peer's language, out of literals and the row's cells: nothing is looked up or
# built at run time that the row does not decide, as a generator of serializers would have it.

def merged(nodes, full):
    """Literals that stand side by side are one."""
    out = []
    for node in nodes:
        if node["t"] == "prop":
            node = {"t": "lit", "v": node["v"] if full else "{}"}
        if node["t"] == "lit" and out and out[-1]["t"] == "lit":
            out[-1] = {"t": "lit", "v": out[-1]["v"] + node["v"]}
        else:
            out.append(node)
    return out


UNSET_TIME = '"0001-01-01T00:00:00"'


def js(nodes, full):
    def one(n):
        cell, unset = f"r[{n.get('i')}]", n.get("u")
        kind = n["t"]
        return {"lit": lambda: json.dumps(n["v"]), "int": lambda: f"({cell}??{unset})", "real": lambda: f"({cell}??{unset})",
                "bool": lambda: f"({cell}===true)", "str": lambda: f"(S({cell}??''))",
                "time": lambda: f"({cell}===null?{json.dumps(UNSET_TIME)}:'\"'+{cell}.replace(' ','T')+'\"')",
                "enum": lambda: f"('\"'+({json.dumps({v: k for k, v in n['words'].items()})}[{cell}??{unset}]??{json.dumps(n['f'])})+'\"')",
                "ref": lambda: f"({cell}>0?{js(n['n'], full)}:'null')",
                "some": lambda: f"({cell}===null?'[]':{js(n['n'], full)})"}[kind]()
    return "(" + "+".join(map(one, merged(nodes, full))) + ")"


def php(nodes, full):
    def one(n):
        cell, unset = f"$r[{n.get('i')}]", n.get("u")
        return {"lit": lambda: to_php(n["v"]), "int": lambda: f"({cell}??'{unset}')", "real": lambda: f"({cell}??'{unset}')",
                "bool": lambda: f"({cell}==='t'?'true':'false')", "str": lambda: f"json_encode({cell}??'',320)",
                "time": lambda: f"({cell}===null?'{UNSET_TIME}':'\"'.strtr({cell},' ','T').'\"')",
                "enum": lambda: f"('\"'.({to_php({v: k for k, v in n['words'].items()})}[{cell}??'{unset}']??{to_php(n['f'])}).'\"')",
                "ref": lambda: f"({cell}>0?{php(n['n'], full)}:'null')",
                "some": lambda: f"({cell}===null?'[]':{php(n['n'], full)})"}[n["t"]]()
    return "(" + ".".join(map(one, merged(nodes, full))) + ")"


def python(nodes, full):
    tables = []
    def walk(nodes):
        return "''.join((" + "".join(one(n) + "," for n in merged(nodes, full)) + "))"
    def one(n):
        cell, unset = f"r[{n.get('i')}]", n.get("u")
        if n["t"] == "enum":
            tables.append({v: '"' + k + '"' for k, v in n["words"].items()})
            return f"E[{len(tables) - 1}].get({unset} if {cell} is None else {cell}, {json.dumps(json.dumps(n['f']))})"
        return {"lit": lambda: repr(n["v"]), "int": lambda: f"('{unset}' if {cell} is None else str({cell}))", "real": lambda: f"('{unset}' if {cell} is None else repr({cell}))",
                "bool": lambda: f"('true' if {cell} else 'false')", "str": lambda: f"S({cell} or '')",
                "time": lambda: f"({UNSET_TIME!r} if {cell} is None else '\"'+{cell}.replace(' ','T')+'\"')",
                "ref": lambda: f"({walk(n['n'])} if ({cell} or 0)>0 else 'null')",
                "some": lambda: f"('[]' if {cell} is None else {walk(n['n'])})"}[n["t"]]()
    body = walk(nodes)
    return body, tables


# The list: the newest fifty sessions of an agent.  The columns that the peers select, as the answer shows them.
LIST_URL = ("?$filter=associateId%20eq%20~n&$orderBy=chatSessionId%20desc&$top=50"
            "&$select=chatSessionId,status,whenRequested,firstMessage,rating,person/fullName,contact/name")
LIST_SQL = """SELECT list.* FROM caller($1::text) JOIN LATERAL (
    SELECT session.id, session.status, session.when_requested::text, session.first_message, session.rating, person.full_name, contact.name
      FROM chat_session AS session LEFT JOIN person ON person.person_id = session.customer_id
      LEFT JOIN contact ON contact.contact_id = session.contact_id
     WHERE session.user_id = $2::text::int4 ORDER BY session.id DESC LIMIT 50) AS list ON true ORDER BY list.id DESC"""


def list_nodes(shape):
    status = next(c for c in shape["columns"] if c["name"] == "Status")
    cells = (("PrimaryKey", None), ("EntityName", None), ("chatSessionId", ("int", 0)), ("status", ("enum", 1)), ("whenRequested", ("time", 2)),
             ("firstMessage", ("str", 3)), ("rating", ("int", 4)), ("person/fullName", ("str", 5)), ("contact/name", ("str", 6)))
    nodes = [{"t": "lit", "v": '{"PrimaryKey":"'}, {"t": "int", "i": 0, "u": 0}, {"t": "lit", "v": '","EntityName":"chat"'}]
    for name, cell in cells[2:]:
        nodes += [{"t": "lit", "v": f',"{name}":'}, {"t": cell[0], "i": cell[1], "u": 0, "words": status["words"], "f": ""}]
    return nodes + [{"t": "lit", "v": "}"}]


def write_peers(shape):
    nodes, rows = shape.pop("nodes"), list_nodes(shape)
    shape["socket"] = SOCKET
    shape["list"] = LIST_SQL
    shape["list_head"] = ('{"odata.metadata":"' + LINKS + '/$metadata","odata.nextLink":null,"value":[')
    json.dump(shape, open(VAR + "/shape.json", "w"))
    open(VAR + "/entity.js", "w").write("const S=JSON.stringify;\nexports.none=r=>" + js(nodes, False) + ";\nexports.full=r=>"
                                        + js(nodes, True) + ";\nexports.row=r=>" + js(rows, False) + ";\n")
    open(VAR + "/shape.php", "w").write("<?php\nfunction none($r){return " + php(nodes, False) + ";}\nfunction full($r){return "
                                        + php(nodes, True) + ";}\nfunction row($r){return " + php(rows, False) + ";}\nreturn "
                                        + to_php(shape) + ";\n")
    with open(VAR + "/entity.py", "w") as out:
        out.write("from json.encoder import encode_basestring as S\n")
        for name, full, parts in (("none", False, nodes), ("full", True, nodes), ("row", False, rows)):
            body, tables = python(parts, full)
            out.write(f"def {name}(r, E={tables!r}):\n    return {body}\n")
    shutil.copy(HERE + "/peers/chat.php", VAR)
    shutil.copy(HERE + "/peers/app.py", VAR)


def prepare_files():
    for directory in ("log", "htdocs"):
        os.mkdir(f"{VAR}/{directory}")
        os.chmod(f"{VAR}/{directory}", 0o777 if directory == "log" else 0o755)
    os.chmod(VAR, 0o755)
    shutil.copy(TOP + "/build/.libs/mod_chatsession.so", VAR)
    flags = [re.search(rf"^{name}_CFLAGS = (.*)$", MAKEFILE, re.M).group(1).split() for name in ("HTTPD", "APR")]
    run(["gcc", "-O2", "-fPIC", "-shared", *flags[0], *flags[1], "-o", VAR + "/constant.so", HERE + "/constant.c"])
    shape = json.loads(subprocess.check_output([TOP + "/build/bench/shape", LINKS], text=True))
    write_peers(shape)
    for name, options in (("sha", ["-bcs"]), ("bcrypt", ["-bcB", "-C", "10"])):
        run(["htpasswd", *options, f"{VAR}/{name}", "anna", "anna"])
        os.chmod(f"{VAR}/{name}", 0o644)
    return shape


def to_php(value):
    if isinstance(value, dict):
        return "[" + ",".join(to_php(str(k)) + "=>" + to_php(v) for k, v in value.items()) + "]"
    if isinstance(value, list):
        return "[" + ",".join(map(to_php, value)) + "]"
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return json.dumps(value)


# ---------------------------------------------------------------- checks

def ask(port, method, path, body=None, **headers):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method,
                                     data=json.dumps(body).encode() if body is not None else None,
                                     headers={"Authorization": AUTH, **({"Content-Type": "application/json"} if body else {}),
                                              **{k.replace("_", "-"): v for k, v in headers.items()}})
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
            return answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read(), error.headers


BODY = {"TopicId": 3, "User": {"AssociateId": 7}, "Person": {"PersonId": 11}, "CustomerAlias": "kari", "CustomerName": "Kari \"Fjord\" Holm",
        "CustomerHost": "host.example", "CustomerEmail": "kari.holm@fjord.example", "CustomerPhone": "+47 22 33 44 55", "CustomerConsented": True,
        "CustomerCompanyName": "Fjord Shipping", "Status": "UserLast", "FirstMessage": "Hello, my printer says \u00abPC LOAD LETTER\u00bb, what now?",
        "LastMessage": "Have you tried another tray?", "WhenRequested": "2024-05-01T08:00:00", "WhenStarted": "2024-05-01T08:01:00",
        "WhenIdle": "2024-05-01T08:05:00", "SessionKey": "0123456789abcdef", "InitialQueuePos": 2, "Rank": 1, "Contact": {"ContactId": 5},
        "Project": {"ProjectId": 9}, "Sale": {"SaleId": 13}, "Ticket": {"TicketId": 17}, "Rating": 4}


def differences(a, b, path=""):
    if isinstance(a, dict) and isinstance(b, dict):
        return [d for k in sorted(set(a) | set(b)) for d in differences(a.get(k, "absent"), b.get(k, "absent"), f"{path}/{k}")]
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        return [d for i, (x, y) in enumerate(zip(a, b)) for d in differences(x, y, f"{path}/{i}")]
    return [] if a == b else [f"{path}: {a!r}, {b!r}"]


def without_links(text):
    answer = json.loads(text)
    for name in ("_Links",):
        answer[name] = {k: re.sub(r"^http://[^/]+/\w+/", "http://chat.example/none/", v) for k, v in answer[name].items()}
    return answer


def check(servers):
    say("checking that all give the same answers")
    ids = [1, 2, SESSIONS] + [random.randint(1, SESSIONS) for _ in range(20)]
    for name, (port, _) in servers.items():
        problems = []
        for place in ("/none", "/full"):
            for number in ids:
                theirs, ours = (ask(p, "GET", f"{place}{API}/{number}") for p in (port, servers["chatsession"][0]))
                if theirs[0] != 200 or ours[0] != 200:
                    sys.exit(f"{name}: GET {place}{API}/{number}: {theirs[0]}, {ours[0]}: {(theirs if theirs[0] != 200 else ours)[1][:500]}")
                problems += differences(without_links(ours[1]), without_links(theirs[1]))
        for agent in (1, 7, 199):
            theirs, ours = (ask(p, "GET", f"/none{API}" + LIST_URL.replace("~n", str(agent))) for p in (port, servers["chatsession"][0]))
            if theirs[0] != 200 or ours[0] != 200:
                sys.exit(f"{name}: list: {theirs[0]}, {ours[0]}: {(theirs if theirs[0] != 200 else ours)[1][:500]}")
            problems += differences(json.loads(ours[1]), json.loads(theirs[1]))
        for method, path in (("PUT", "/1"), ("POST", "")):
            theirs, ours = (ask(p, method, f"/none{API}{path}", BODY) for p in (port, servers["chatsession"][0]))
            if theirs[0] != 200 or ours[0] != 200:
                sys.exit(f"{name}: {method}: {theirs[0]}, {ours[0]}: {theirs[1][:500]}{ours[1][:500]}")
            a, b = without_links(ours[1]), without_links(theirs[1])
            if method == "POST":
                for answer in (a, b):
                    del answer["ChatSessionId"], answer["_Links"]
            problems += differences(a, b)
        etag = ask(port, "GET", f"/none{API}/2")[2]["ETag"]
        if ask(port, "GET", f"/none{API}/2", If_None_Match=etag)[0] != 304:
            problems.append("If-None-Match is not answered 304")
        if problems:
            sys.exit(f"{name} answers something else ({len(problems)}):\n" + "\n".join(problems[:20]))
    say("they do: " + ", ".join(servers))


# ---------------------------------------------------------------- measuring

def load(port, method, root, low, high, seconds, body="", tags="", clients=16):
    out = run(["wrk", "-t2", f"-c{clients}", f"-d{seconds}s", "--timeout", "10s", "-s", HERE + "/peers/load.lua", f"http://127.0.0.1:{port}"],
              env={**os.environ, "METHOD": method, "ROOT": root, "LOW": str(low), "HIGH": str(high), "AUTH": AUTH, "BODY": body,
                   "TAGS": tags, "SEED": str(random.randint(1, 1000000))}, timeout=seconds + 60)
    result = json.loads(re.search(r"^RESULT (.*)$", out, re.M).group(1))
    if result["errors"]:
        sys.exit(f"{method} {root} on {port}: {result['errors']} of {result['requests']} requests failed")
    return {"rate": result["requests"] / result["duration"] * 1e6, "p50": result["p50"], "p99": result["p99"], "count": result["requests"]}


def limit_database(shape, seconds):
    script = VAR + "/get.sql"
    if not os.path.exists(script):
        open(script, "w").write(f"\\set id random(1, {SESSIONS})\n"
                                + re.sub(r"\$2\b", "ARRAY[:id]::int4[]", re.sub(r"\$1\b", "ARRAY['anna']", shape["session_get"])).replace("\n", " ") + ";\n")
    out = run([PROGRAMS + "/pgbench", "-n", "-M", "prepared", "-c", str(2 * CORES), "-j", str(CORES), "-T", str(seconds), "-f", script,
               "-h", SOCKET, "-U", "chatsession", "bench"])
    rate = float(re.search(r"^tps = ([\d.]+)", out, re.M).group(1))
    latency = float(re.search(r"^latency average = ([\d.]+)", out, re.M).group(1)) * 1000
    return {"rate": rate, "p50": latency, "p99": float("nan"), "count": rate * seconds}


TAGS = 1000  # sessions of which each client knows the entity tag


def tags(name, port):
    """A file of ids and entity tags, from the half of the sessions that nothing changes."""
    path = f"{VAR}/tags.{name}"
    if not os.path.exists(path):
        numbers = random.sample(range(SESSIONS // 2 + 1, SESSIONS + 1), TAGS)
        lines = [f"{number} {ask(port, 'GET', f'/none{API}/{number}')[2]['ETag']}" for number in numbers]
        open(path, "w").write("\n".join(lines) + "\n")
    return path


def works(servers, shape):
    half = SESSIONS // 2
    body = json.dumps({**BODY, "Person": {"PersonId": "~n"}, "Contact": {"ContactId": "~n"}}).replace('"~n"', "~n")
    ours = {"chatsession": servers["chatsession"]}
    def get(place):
        def action(name, port, s):
            ask(port, "GET", f"{place}{API}/1")  # a password that has to be checked is not what is measured
            return load(port, "GET", place + API, 1, SESSIONS, s)
        return action
    return [
        ("GET", servers, get("/none")),  # what is compared with it comes next
        ("GET, 304", servers, lambda name, port, s: load(port, "GET", "/none" + API, 1, 0, s, tags=tags(name, port))),
        ("GET, SHA-1 each time", ours, get("/sha")),
        ("GET", {"constant": servers["chatsession"]}, lambda name, port, s: load(port, "GET", "/constant", 1, 0, s)),
        ("GET", {"pgbench": (0, [])}, lambda name, port, s: limit_database(shape, s)),
        ("GET, all FieldProperties", servers, get("/full")),
        ("PUT", servers, lambda name, port, s: load(port, "PUT", "/none" + API, 1, half, s, body=body)),
        ("POST", servers, lambda name, port, s: load(port, "POST", "/none" + API, 1, 0, s, body=body)),
        ("List of 50", servers, lambda name, port, s: load(port, "GET", "/none" + API + LIST_URL, 1, 0, s)),
        ("List of 50, another each time", servers,
         lambda name, port, s: load(port, "GET", "/none" + API + LIST_URL + "&_=~r", 1, 0, s)),
        ("GET, bcrypt each time", ours, lambda name, port, s: load(port, "GET", "/bcrypt" + API, 1, SESSIONS, max(s, 3))),
    ]


def settle(pids):
    """Waits until what the last clients left behind is done: a bcrypt goes on without them."""
    for _ in range(100):
        before = cpu(pids)
        time.sleep(0.1)
        if cpu(pids) - before < 0.03:
            return


def measure(servers, postgres, shape):
    """What each server did with each work, a dictionary for each round."""
    results = {}
    def one(work, name, pids, action):
        before = cpu(pids), cpu([postgres.pid])
        result = action()
        settle(pids)
        result["cpu"], result["db"] = ((after - b) / max(result["count"], 1) * 1e6 for after, b in zip((cpu(pids), cpu([postgres.pid])), before))
        results.setdefault((work, name), []).append(result)
        say(f"  {work:26} {name:12} {result['rate']:9.0f}/s  p50 {result['p50']:8.0f} us  p99 {result['p99']:8.0f} us")
    for round_number in range(ROUNDS + 1):
        warm = round_number == 0
        say("warming up" if warm else f"round {round_number} of {ROUNDS}")
        for work, targets, action in works(servers, shape):
            for name, (port, processes) in targets.items():
                one(work, name, [p.pid for p in processes], lambda: action(name, port, 1 if warm else SECONDS))
        if warm:
            results.clear()
    return results


def medians(results):
    return {key: {k: statistics.median(r[k] for r in runs) for k in runs[0]} for key, runs in results.items()}


# ---------------------------------------------------------------- table and chart

NAMES = {"chatsession": "mod_chatsession", "node": "Node, fastify, postgres.js", "php": "mod_php (prefork)", "fpm": "php-fpm (event)",
         "starlette": "Starlette, asyncpg", "constant": "limit: httpd, 6 KB of text", "pgbench": "limit: pgbench, same SQL"}


def number(value, digits=0):
    return "–" if value != value else f"{value:,.{digits}f}"


def table(results):
    lines = ["| work | server | requests/s | to ours | p50 ms | p99 ms | CPU us, server | CPU us, PostgreSQL |", "|---|---|--:|--:|--:|--:|--:|--:|"]
    for (work, name), r in results.items():
        ours = results.get((work, "chatsession"), r)["rate"]
        lines.append(f"| {work} | {NAMES[name]} | {number(r['rate'])} | {r['rate'] / max(ours, 1e-9):.2f} | {number(r['p50'] / 1000, 1)} | "
                     f"{number(r['p99'] / 1000, 1)} | {number(r['cpu'])} | {number(r['db'])} |")
    return "\n".join(lines) + "\n"


COLOURS = {"chatsession": "#1b6ca8", "node": "#5b8c5a", "php": "#8a7fb5", "fpm": "#b59fc9", "starlette": "#c98b3c"}


def chart(results):
    groups = [w for w in dict.fromkeys(work for work, _ in results) if sum((w, n) in results for n in NAMES) > 2]
    row, gap, left, width = 18, 26, 210, 420
    y, out = 34, []
    for work in groups:
        ours = results[(work, "chatsession")]["rate"]
        out.append(f'<text x="8" y="{y}" font-weight="bold">{work}</text>')
        y += 8
        for name in COLOURS:
            if (work, name) in results:
                share = results[(work, name)]["rate"] / ours
                out.append(f'<text x="{left - 6}" y="{y + 13}" text-anchor="end">{NAMES[name]}</text>'
                           f'<rect x="{left}" y="{y + 2}" width="{share * width:.0f}" height="{row - 4}" fill="{COLOURS[name]}"/>'
                           f'<text x="{left + share * width + 5:.0f}" y="{y + 13}">{share:.2f}</text>')
                y += row
        y += gap
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + width + 60}" height="{y}" font-family="sans-serif" font-size="12">'
            f'<rect width="100%" height="100%" fill="#fff"/><text x="8" y="14">Requests per second, as a share of mod_chatsession\'s '
            f'(longer is faster)</text>' + "".join(out) + "</svg>\n")


# ---------------------------------------------------------------- targets, memory, the document

def verdict(good, text):
    return f"| {text} | {'yes' if good else '**no**'} |"


def targets(results, memory):
    """What was aimed at, and whether it was reached in this run.  Two are compared within each round, because the machine is
    not as fast in all of them, and the median of that is told."""
    middle = medians(results)
    lines = ["| aim, in this run | reached |", "|---|---|"]
    def ratio(one, other, column="rate"):
        return statistics.median(a[column] / b[column] for a, b in zip(results[one], results[other]))
    def best(work):
        return work, max(PEERS, key=lambda name: middle[work, name]["rate"])
    if PEERS:
        for work, factor in (("GET", 2.0), ("POST", 1.6), ("PUT", 1.6), ("List of 50", 1.6)):
            times = ratio((work, "chatsession"), best(work))
            lines.append(verdict(times >= factor, f"{work}: {factor} times the best peer's requests per second: {times:.2f}"))
        times = ratio(("GET, 304", "chatsession"), best("GET"))
        lines.append(verdict(times >= 3, f"GET, 304: 3 times the best peer's GET: {times:.2f}"))
        ours, p99 = middle["GET", "chatsession"]["p99"], min(middle["GET", name]["p99"] for name in PEERS)
        lines.append(verdict(ours <= p99, f"GET: p99 at most the best peer's: {ours / 1000:.1f} ms, {p99 / 1000:.1f} ms"))
    times = ratio(("GET", "chatsession"), ("GET", "constant"), "cpu")
    lines.append(verdict(times <= 90 / 28, f"GET: CPU of httpd at most {90 / 28:.1f} times that of the constant handler: {times:.1f}"))
    times = ratio(("GET", "chatsession"), ("GET, SHA-1 each time", "chatsession"))
    lines.append(verdict(times >= 0.9, f"GET under bcrypt, remembered: 0.9 times GET under a quick hash: {times:.2f}"))
    if memory:
        lines.append(verdict(memory[-1] <= 40 * 1024 and memory[-1] <= memory[len(memory) // 2] * 1.02,
                             f"a child of 64 threads: at most 40 MB, flat over {MEMORY:,} requests: "
                             + ", ".join(f"{kb / 1024:.1f}" for kb in memory) + " MB after each tenth"))
    return "\n".join(lines) + "\n"


def resident(pid):
    return int(re.search(r"^VmRSS:\s+(\d+)", open(f"/proc/{pid}/status").read(), re.M).group(1))


def memory_over_requests(port, process):
    """Resident KB of the child after each tenth of the requests, of 32 clients: as many threads as a database may have."""
    child = max(tree(process.pid)[1:], key=resident)
    done, samples, rate = 0, [], 2000
    while MEMORY and done < MEMORY:
        ask(port, "GET", f"/none{API}/1")
        result = load(port, "GET", "/none" + API, 1, SESSIONS, max(1, round(MEMORY / 10 / rate)), clients=32)
        done, rate = done + result["count"], result["rate"]
        samples.append(resident(child))
        say(f"  {done:,} requests: {samples[-1] / 1024:.1f} MB")
    return samples


def machine():
    model = re.search(r"^model name\s*: (.*)$", open("/proc/cpuinfo").read(), re.M)
    httpd = run([HTTPD, "-v"]).split()[2].split("/")[-1]
    return (f"{SESSIONS:,} sessions, medians of {ROUNDS} rounds of {SECONDS} s; {CORES} cores"
            f"{' of ' + model.group(1).strip() if model else ''}; httpd {httpd}, PostgreSQL {run([PROGRAMS + '/postgres', '-V']).split()[2]}.")


def write_document(text, writer="bench/run"):
    """Between the writer's two marks of doc/performance.md, where it is there."""
    path = OUT + "/performance.md"
    begin, end = f"<!-- {writer} writes from here -->", f"<!-- {writer} to here -->"
    if os.path.exists(path):
        old = open(path).read()
        if begin in old and end in old:
            open(path, "w").write(old[:old.index(begin) + len(begin)] + "\n\n" + text + "\n" + old[old.index(end):])
            say(f"written: {path}")


# ---------------------------------------------------------------- all of it

def end_with_servers():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGHUP, lambda *_: sys.exit(129))
    atexit.register(stop_all)


def main():
    end_with_servers()
    shape = prepare_files()
    postgres = start_postgres({"bench": SESSIONS})
    servers = {}
    for name, begin in (("chatsession", start_ours), ("node", start_node), ("php", start_php), ("fpm", start_fpm), ("starlette", start_starlette)):
        if name == "chatsession" or name in PEERS:
            port = free_port()
            servers[name] = (port, begin(port))
            wait_for(name, lambda: answers(port))
    check(servers)
    results = measure(servers, postgres, shape)
    memory = memory_over_requests(servers["chatsession"][0], servers["chatsession"][1][0])
    text = machine() + "\n\n" + table(medians(results)) + "\n" + targets(results, memory)
    os.makedirs(OUT, exist_ok=True)
    open(OUT + "/performance.table.md", "w").write(text)
    open(OUT + "/performance.svg", "w").write(chart(medians(results)))
    write_document(text)
    say("\n" + text + f"\nwritten: {OUT}/performance.table.md, performance.svg")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)

# What bench/run growth runs: the cost of a GET with few sessions beside that with many, in turns, of one httpd.
import os, statistics
import bench

FEW = 100_000
MANY = int(float(os.environ.get("SCALE", "10")) * 1_000_000)
AIM = 1.3
WARM_UP = {"few": 15, "many": 180}  # seconds, until PostgreSQL's processes have most pages of its memory mapped
WRITER = "bench/run growth"


def memory():
    """Megabytes of the machine."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20


def read_in(database):
    """What GETs read of it, as after a day's work; as much as fits into PostgreSQL's share of the memory."""
    tables = "associate", "project", "sale", "contact", "person", "ticket", "chat_session"
    bench.say(f"PostgreSQL: reading {database}")
    bench.run([bench.PROGRAMS + "/psql", "-Xq", "-d", database, "-c", "CREATE EXTENSION pg_prewarm SCHEMA public", "-c",
               "SELECT public.pg_prewarm(part::regclass) FROM unnest(string_to_array('"
               + ",".join(f"chatsession.{table},chatsession.{table}_pkey" for table in tables) + "', ',')) AS part"], env=bench.database_environment())


def costs(port, httpd, postgres, place, sessions, seconds):
    """Microseconds of CPU per GET, of httpd and of PostgreSQL."""
    trees = [httpd.pid], [postgres.pid]
    bench.ask(port, "GET", f"{place}{bench.API}/1")  # a password that has to be checked is not what is measured
    before = [bench.cpu(tree) for tree in trees]
    result = bench.load(port, "GET", place + bench.API, 1, sessions, seconds)
    bench.settle([httpd.pid])
    return [(bench.cpu(tree) - b) / result["count"] * 1e6 for tree, b in zip(trees, before)] + [result["rate"], result["p99"]]


def main():
    bench.end_with_servers()
    bench.prepare_files()
    sizes = {"few": FEW, "many": MANY}
    postgres = bench.start_postgres(sizes, f"{memory() // 4}MB")
    for name in sizes:
        read_in(name)
    port = bench.free_port()
    places = "".join(bench.api("/" + name, "ChatSessionFieldProperties none", bench.basic("bcrypt", "chatsession"), name) for name in sizes)
    httpd = bench.start_httpd(port, places)[0]
    bench.wait_for("httpd", lambda: bench.answers(port))
    runs = {name: [] for name in sizes}
    for number in range(bench.ROUNDS + 1):
        for name, sessions in sizes.items():
            run = costs(port, httpd, postgres, "/" + name, sessions, bench.SECONDS if number else WARM_UP[name])
            bench.say(f"  {sessions:>12,} sessions: {run[0]:.0f} us of httpd, {run[1]:.0f} us of PostgreSQL, {run[2]:,.0f}/s, p99 {run[3] / 1000:.1f} ms")
            if number:
                runs[name].append(run)
    few, many = ([statistics.median(column) for column in zip(*runs[name])] for name in sizes)
    lines = ["| sessions | requests/s | p99 ms | CPU us, httpd | CPU us, PostgreSQL |", "|--:|--:|--:|--:|--:|"]
    lines += [f"| {sizes[name]:,} | {m[2]:,.0f} | {m[3] / 1000:.1f} | {m[0]:.0f} | {m[1]:.0f} |" for name, m in (("few", few), ("many", many))]
    ratio = (many[0] + many[1]) / (few[0] + few[1])
    text = "\n".join(lines) + "\n\n| aim, in this run | reached |\n|---|---|\n" + bench.verdict(
        ratio <= AIM, f"GET of {MANY:,} sessions: CPU at most {AIM} times that of {FEW:,}: {ratio:.2f}") + "\n"
    bench.write_document(text, WRITER)
    bench.say("\n" + text)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        raise SystemExit(130)

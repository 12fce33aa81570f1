# What bench/run growth runs: the cost of a GET with few sessions beside that with many, in turns, of one httpd.
import atexit, os, re, statistics, subprocess
import bench

FEW = 100_000
MANY = int(float(os.environ.get("SCALE", "10")) * 1_000_000)
AIM = 1.3
WARM_UP = 30  # seconds
WARM_UP_SMALL = 180  # without huge pages, until PostgreSQL's processes have most pages of its memory mapped
WRITER = "bench/run growth"
RESERVED = "/proc/sys/vm/nr_hugepages"


def memory():
    """Megabytes of the machine."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20


def figure(name, path="/proc/meminfo"):
    return int(re.search(rf"^{name}:\s+(\d+)", open(path).read(), re.M).group(1))


def reserved():
    return int(open(RESERVED).read())


def reserve(pages):
    """Has the kernel keep that many huge pages, as root or by a sudo that will not want a password later either."""
    command = ["tee", RESERVED] if bench.ROOT else ["sudo", "-n", "-k", "tee", RESERVED]
    return subprocess.run(command, input=f"{pages}\n", text=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def give_back(pages):
    if reserved() != pages and not reserve(pages):
        bench.say(f"{RESERVED} was {pages} and could not be set back")


def free_huge_pages():
    return figure("HugePages_Free") - figure("HugePages_Rsvd")


def huge_pages(cluster):
    """What PostgreSQL is to do: on where as many pages as it needs could be reserved and half of the memory stayed free."""
    if os.environ.get("HUGE_PAGES") == "off":
        return "huge_pages = off\n"
    needed = int(bench.run([bench.PROGRAMS + "/postgres", "-D", cluster, "-C", "shared_memory_size_in_huge_pages"], bench.DATABASE))
    before, missing = reserved(), max(needed + needed // 16 - free_huge_pages(), 0)  # some for others that take what is there
    if missing and figure("MemAvailable") > 2 * missing * figure("Hugepagesize") and reserve(before + missing) and free_huge_pages() < needed:
        reserve(before)  # the kernel had not as many side by side
    return f"huge_pages = {'on' if free_huge_pages() >= needed > 0 else 'try'}\n"


def has_huge_pages(postgres):
    return figure("HugetlbPages", f"/proc/{postgres.pid}/status") > 0


def pages(postgres):
    """A sentence about the pages that its memory is in."""
    return f"`shared_buffers` of {memory() // 4:,} MB in " + ("huge pages." if has_huge_pages(postgres) else "pages of 4 KB, without huge pages.")


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


def measure(postgres, sizes):
    """The medians of all rounds, by name."""
    port = bench.free_port()
    places = "".join(bench.api("/" + name, "ChatSessionFieldProperties none", bench.basic("bcrypt", "chatsession"), name) for name in sizes)
    httpd = bench.start_httpd(port, places)[0]
    bench.wait_for("httpd", lambda: bench.answers(port))
    warm_up = {"few": WARM_UP, "many": WARM_UP if has_huge_pages(postgres) else WARM_UP_SMALL}
    runs = {name: [] for name in sizes}
    for number in range(bench.ROUNDS + 1):
        for name, sessions in sizes.items():
            run = costs(port, httpd, postgres, "/" + name, sessions, bench.SECONDS if number else warm_up[name])
            bench.say(f"  {sessions:>12,} sessions: {run[0]:.0f} us of httpd, {run[1]:.0f} us of PostgreSQL, {run[2]:,.0f}/s, p99 {run[3] / 1000:.1f} ms")
            if number:
                runs[name].append(run)
    return {name: [statistics.median(column) for column in zip(*runs[name])] for name in sizes}


def write(postgres, sizes, medians):
    lines = ["| sessions | requests/s | p99 ms | CPU us, httpd | CPU us, PostgreSQL |", "|--:|--:|--:|--:|--:|"]
    lines += [f"| {sizes[name]:,} | {m[2]:,.0f} | {m[3] / 1000:.1f} | {m[0]:.0f} | {m[1]:.0f} |" for name, m in medians.items()]
    ratio = sum(medians["many"][:2]) / sum(medians["few"][:2])
    text = pages(postgres) + "\n\n" + "\n".join(lines) + "\n\n| aim, in this run | reached |\n|---|---|\n" + bench.verdict(
        ratio <= AIM, f"GET of {MANY:,} sessions: CPU at most {AIM} times that of {FEW:,}: {ratio:.2f}") + "\n"
    bench.write_document(text, WRITER)
    bench.say("\n" + text)


def main():
    atexit.register(give_back, reserved())  # after the servers have ended
    bench.end_with_servers()
    bench.prepare_files()
    sizes = {"few": FEW, "many": MANY}
    postgres = bench.start_postgres(sizes, f"{memory() // 4}MB", huge_pages)
    bench.say(pages(postgres))
    for name in sizes:
        read_in(name)
    write(postgres, sizes, measure(postgres, sizes))


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        raise SystemExit(130)

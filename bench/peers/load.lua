-- wrk: one method on random ids, or on the collection; METHOD, ROOT, LOW, HIGH, AUTH, TAGS, BODY come from the
-- environment.  ~n in the body and in the root is a random number, ~r one that hardly comes twice; TAGS is a file of ids and their entity tags, which
-- are asked for instead.
local env = os.getenv
local method, root, low, high = env("METHOD"), env("ROOT"), tonumber(env("LOW")), tonumber(env("HIGH"))
local headers = {Authorization = env("AUTH"), Accept = "application/json"}
local body = env("BODY") ~= "" and env("BODY") or nil
local tags = {}
local threads = 0

function setup(thread)
    threads = threads + 1
    thread:set("seed", threads * 7919 + tonumber(env("SEED")))
end

function init()
    math.randomseed(seed)
    if body then headers["Content-Type"] = "application/json" end
    if env("TAGS") ~= "" then
        for line in io.lines(env("TAGS")) do
            local id, tag = string.match(line, "^(%d+) (.*)$")
            tags[#tags + 1] = {id, tag}
        end
    end
end

function request()
    local path = root
    if #tags > 0 then
        local chosen = tags[math.random(#tags)]
        headers["If-None-Match"] = chosen[2]
        return wrk.format(method, root .. "/" .. chosen[1], headers)
    end
    if high == 0 then path = string.gsub(string.gsub(root, "~n", function() return math.random(1, 199) end), "~r", function() return math.random(1, 1e9) end) end
    if high > 0 then path = root .. "/" .. math.random(low, high) end
    return wrk.format(method, path, headers, body and string.gsub(body, "~n", function() return math.random(1, 199) end))
end

function done(summary, latency)
    io.write(string.format('RESULT {"requests":%d,"duration":%d,"errors":%d,"p50":%d,"p99":%d}\n', summary.requests, summary.duration,
        summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
        latency:percentile(50), latency:percentile(99)))
end

-- wrk: one method on random ids, or on the collection; METHOD, ROOT, LOW, HIGH, AUTH, ETAG, BODY come from the
-- environment.  ~n in the body is a random number.
local env = os.getenv
local method, root, low, high = env("METHOD"), env("ROOT"), tonumber(env("LOW")), tonumber(env("HIGH"))
local headers = {Authorization = env("AUTH"), Accept = "application/json"}
local body = env("BODY") ~= "" and env("BODY") or nil
local threads = 0

function setup(thread)
    threads = threads + 1
    thread:set("seed", threads * 7919 + tonumber(env("SEED")))
end

function init()
    math.randomseed(seed)
    if body then headers["Content-Type"] = "application/json" end
    if env("ETAG") ~= "" then headers["If-None-Match"] = env("ETAG") end
end

function request()
    local path = root
    if high > 0 then path = root .. "/" .. math.random(low, high) end
    return wrk.format(method, path, headers, body and string.gsub(body, "~n", function() return math.random(1, 199) end))
end

function done(summary, latency)
    io.write(string.format('RESULT {"requests":%d,"duration":%d,"errors":%d,"p50":%d,"p99":%d}\n', summary.requests, summary.duration,
        summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
        latency:percentile(50), latency:percentile(99)))
end

-- What wrk sends and what it tells when it is done. Arguments: a file with the method and a header a line, a file with the
-- body, a file with a token a line, how many of these to leave out, "unique" when every request is somebody else's, and the
-- number of connections.
--
-- The rate is counted between the moments when as many answers as there are connections had come and when the last had:
-- what is in flight at both ends would otherwise favour whoever answers quickly.
local ffi = require("ffi")
ffi.cdef("typedef struct { long s; long n; } moment; int clock_gettime(int clock, moment *at);")

local threads = {}
local moment = ffi.new("moment")
local function now()
  ffi.C.clock_gettime(1, moment)
  return tonumber(moment.s) + tonumber(moment.n) / 1e9
end

function setup(thread)
  threads[#threads + 1] = thread
end

function init(arguments)
  for line in io.lines(arguments[1]) do
    local name, value = line:match("^(.-): (.*)$")
    if name then wrk.headers[name] = value else wrk.method = line end
  end
  local file = assert(io.open(arguments[2], "rb"))
  local body = file:read("*a")
  file:close()
  wrk.body = body ~= "" and body or nil
  wrk.headers["authorization"] = "Bearer @identity@"
  connections = tonumber(arguments[6])
  sent, since, at_since, at_last = 0, 0, 0, 0
  local head, tail = wrk.format():match("^(.-)@identity@(.*)$")
  local tokens = {}
  for token in io.lines(arguments[3]) do tokens[#tokens + 1] = token end
  local before, unique = tonumber(arguments[4]), arguments[5] == "unique"
  local whole = head .. tokens[before % #tokens + 1] .. tail
  request = function()
    sent = sent + 1
    at_last = now()
    -- A connection asks again when it has its answer.
    if sent == 2 * connections then since, at_since = sent, at_last end
    return unique and (head .. tokens[(before + sent) % #tokens + 1] .. tail) or whole
  end
end

function done(summary, latency)
  local thread, errors = threads[1], summary.errors
  local from, to = thread:get("at_since"), thread:get("at_last")
  local sent, since = thread:get("sent"), thread:get("since")
  io.write(string.format(
    '\n{"sent":%d,"answers":%d,"bytes":%d,"seconds":%.6f,"steadyAnswers":%d,"steadyFrom":%.6f,"steadyTo":%.6f,' ..
    '"p50":%.3f,"p99":%.3f,"notOk":%d,"socketErrors":%d,"timeouts":%d}\n',
    sent, summary.requests, summary.bytes, summary.duration / 1e6,
    since > 0 and sent - since or 0, from, to,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status, errors.connect + errors.read + errors.write, errors.timeout))
end

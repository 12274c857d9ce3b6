-- Sends prepared requests from a file, one after the other, and prints what came of it as JSON.
-- Arguments: file, bytes of one request, mean pause before each request in milliseconds (0: none).

local file, lengthBytes, pauseMs, sent, ended

function init(args)
  file = assert(io.open(args[1], "rb"))
  lengthBytes = tonumber(args[2])
  pauseMs = tonumber(args[3])
  math.randomseed(tonumber(args[4]))
end

function request()
  local text = file:read(lengthBytes)
  if text == nil then
    wrk.thread:stop()
    -- Something has to be sent: the last one again, which gets the same answer.
    file:seek("end", -lengthBytes)
    text = file:read(lengthBytes)
  end
  return text
end

-- Exponential, so that requests arrive as if from many who do not know of each other.
function delay()
  if pauseMs == 0 then return 0 end
  local pause = -pauseMs * math.log(1 - math.random())
  return math.floor(pause + math.random())
end

function done(summary, latency)
  local errors = summary.errors
  io.stderr:write(string.format(
    '{"requests":%d,"microseconds":%d,"bytes":%d,"notOk":%d,"failed":%d,' ..
    '"p50Us":%d,"p90Us":%d,"p99Us":%d,"maxUs":%d}\n',
    summary.requests, summary.duration, summary.bytes, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(90), latency:percentile(99), latency.max))
end

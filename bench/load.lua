-- What wrk sends. wrk -s load.lua URL -- JOB QUERY [KEY=VALUE...]; one thread, so one counter.
-- Accounts and groups are those of prepare.py.

local send_numbers = 0
local build, query, options

local function number(name) return tonumber(options[name]) end

local function message(from, to)
  send_numbers = send_numbers + 1
  return string.format(
    '{"From_Account":"%s","To_Account":"%s","MsgSeq":%d,"MsgRandom":%d,' ..
    '"MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"%s"}}]}',
    from, to, send_numbers, number("salt") * 16777216 + send_numbers, options.text)
end

local function deletion(from, to)
  return string.format('{"From_Account":"%s","Type":1,"To_Account":"%s","ClearRamble":1}', from, to)
end

-- Each pair once: a sender and one of those whom all senders have written to.
local function next_pair(n)
  local senders = number("senders")
  return "s" .. n % senders, "p" .. math.floor(n / senders)
end

local deleted = 0
local jobs = {}

function jobs.delete()
  local from, to = next_pair(deleted)
  deleted = deleted + 1
  return "recentcontact/delete", deletion(from, to)
end

-- The messages of send_c2c for ejabberd; peers.py.
function jobs.ejabberd_send()
  return "/api/send_message", string.format(
    '{"type":"chat","from":"s%d@localhost","to":"p%d@localhost","subject":"","body":"%s"}',
    math.random(0, number("senders") - 1), math.random(0, 499), options.text)
end

local hot = 0
function jobs.delete_hot()
  hot = hot + 1
  if hot % 2 == 1 then return "openim/sendmsg", message("hot1", "hot2") end
  return "recentcontact/delete", deletion("hot1", "hot2")
end

function jobs.send_c2c()
  return "openim/sendmsg",
    message("s" .. math.random(0, number("senders") - 1), "p" .. math.random(0, 499))
end

function jobs.send_group()
  send_numbers = send_numbers + 1
  return "group_open_http_svc/send_group_msg", string.format(
    '{"GroupId":"%s%d","From_Account":"p0","Random":%d,' ..
    '"MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"%s"}}]}',
    options.group, math.random(0, number("groups") - 1),
    number("salt") * 16777216 + send_numbers, options.text)
end

function jobs.get_list()
  return "recentcontact/get_list", string.format(
    '{"From_Account":"%s%d","TimeStamp":0,"StartIndex":0,"TopTimeStamp":0,"TopStartIndex":0,"AssistFlags":0}',
    options.owner, math.random(0, number("readers") - 1))
end

function jobs.roam()
  return "openim/admin_getroammsg", string.format(
    '{"Operator_Account":"%s","Peer_Account":"%s%d","MaxCnt":%d,"MinTime":0,"MaxTime":4294967295}',
    options.reader, options.peer, math.random(0, number("peers") - 1), number("rows"))
end

-- Seven reads in ten requests, as the clients of a chat do.
local mix = {"get_list", "roam", "send_c2c", "get_list", "roam", "get_list", "send_c2c", "roam",
             "get_list", "delete"}
function jobs.mixed()
  send_numbers = send_numbers + 1
  return jobs[mix[send_numbers % 10 + 1]]()
end

-- Authenticated, parsed and answered in full; the one account that it asks for is in memory.
function jobs.no_storage()
  return "im_open_login_svc/account_check", '{"CheckItem":[{"UserID":"p0"}]}'
end

function init(args)
  options = {}
  for i = 3, #args do
    local key, value = args[i]:match("^(%w+)=(.*)$")
    options[key] = value
  end
  query = args[2]
  build = jobs[args[1]]
  math.randomseed(number("salt"))
end

function request()
  local command, body = build()
  local path = command:sub(1, 1) == "/" and command or "/v4/" .. command .. "?" .. query
  return "POST " .. path .. " HTTP/1.1\r\nHost: confab\r\n" ..
    "Content-Type: application/json\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"seconds":%.6f,"p50_ms":%.3f,"p99_ms":%.3f,"errors":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.timeout + errors.status))
end

// Adds a bearer token to every request for judges that cannot: `bearer_proxy.mjs SERVER` with the
// token in TOKEN. Everything else passes as it comes, both ways, as a stream. Every request has a
// connection of its own, so that any process of the server may get it. Prints its own address, and
// ends with its standard input.
import http from "node:http";

const server = new URL(process.argv[2]);
const authorization = `Bearer ${process.env.TOKEN}`;

// Host and Origin name this proxy where a client has made them of its address: they mean the server.
function passed(headers) {
  const own = `127.0.0.1:${proxy.address().port}`;
  const kept = { ...headers, authorization, connection: "close" };
  if (kept.host === own) kept.host = server.host;
  if (kept.origin === `http://${own}`) kept.origin = server.origin;
  return kept;
}

const proxy = http.createServer((request, response) => {
  const { method, url: path, headers } = request;
  const target = { host: server.hostname, port: server.port, method, path, agent: false };
  const onward = http.request({ ...target, headers: passed(headers) }, (answer) => {
    const { connection, ...back } = answer.headers; // that one is ours with the server
    response.writeHead(answer.statusCode, back);
    response.flushHeaders();
    answer.pipe(response);
    answer.on("error", () => response.destroy());
  });
  onward.on("error", () => response.destroy());
  response.on("close", () => onward.destroy());
  request.pipe(onward);
});

process.stdin.on("end", () => process.exit()).resume();
proxy.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${proxy.address().port}`));

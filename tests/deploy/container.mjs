// Makes a container in Azure's emulator: node container.mjs PORT NAME
// The request is signed as Azure asks for: https://learn.microsoft.com/en-us/rest/api/storageservices/authorize-with-shared-key
import { createHmac } from "node:crypto";
import { request } from "node:http";

const [port, name] = process.argv.slice(2);
// The account that every emulator has.
const account = "devstoreaccount1";
const key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

const date = new Date().toUTCString();
const headers = { "x-ms-date": date, "x-ms-version": "2021-12-02" };
const canonical = Object.entries(headers).map(([header, value]) => `${header}:${value}\n`).join("");
const resource = `/${account}/${account}/${name}\nrestype:container`;
const text = `PUT${"\n".repeat(12)}${canonical}${resource}`;
const signature = createHmac("sha256", Buffer.from(key, "base64")).update(text, "utf8").digest("base64");
const options = {
    host: "127.0.0.1",
    port,
    method: "PUT",
    path: `/${account}/${name}?restype=container`,
    headers: { ...headers, "content-length": 0, authorization: `SharedKey ${account}:${signature}` },
};
request(options, (response) => {
    response.pipe(process.stderr);
    process.exitCode = response.statusCode === 201 ? 0 : 1;
}).end();

// A call as a program: what the tester copies. Each needs nothing but its language.

export interface Call {
  restUrl: string; // "https://127.0.0.1:8443"
  certificate: string; // file to trust beyond what the machine trusts; "": none
  command: string;
  sdkappid: number;
  identifier: string;
  usersig: string;
  random: number;
  body: string; // JSON text
}

export const kLanguages = ['curl', 'Go', 'Java', 'Python', 'Node', 'PHP'] as const;
export type Language = (typeof kLanguages)[number];

export function urlOf(call: Call): string {
  const query = [
    `sdkappid=${call.sdkappid}`,
    `identifier=${encodeURIComponent(call.identifier)}`,
    `usersig=${encodeURIComponent(call.usersig)}`,
    `random=${call.random}`,
    'contenttype=json',
  ];
  return `${call.restUrl}/v4/${call.command}?${query.join('&')}`;
}

export function snippet(language: Language, call: Call): string {
  return kWriters[language]({ url: urlOf(call), body: compact(call.body), certificate: call.certificate });
}

interface Parts {
  url: string;
  body: string;
  certificate: string;
}

/** One line, without touching what is inside of texts and numbers; as it is if it is not JSON. */
function compact(text: string): string {
  try {
    JSON.parse(text);
  } catch {
    return text;
  }
  return text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_, quoted: string | undefined) => quoted ?? '');
}

const kWriters: Record<Language, (parts: Parts) => string> = {
  curl: ({ url, body, certificate }) =>
    `curl ${certificate === '' ? '' : `--cacert ${shellWord(certificate)} `}${shellWord(url)} -d ${shellWord(body)}\n`,
  Go: writeGo,
  Java: writeJava,
  Python: writePython,
  Node: writeNode,
  PHP: writePhp,
};

function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A literal of Java and JavaScript: ASCII only, \uXXXX for each UTF-16 unit. */
function literal(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function writeGo({ url, body, certificate }: Parts): string {
  const imports = [
    'fmt',
    'io',
    'net/http',
    'strings',
    ...(certificate === '' ? [] : ['crypto/tls', 'crypto/x509', 'os']),
  ];
  const client =
    certificate === ''
      ? '\tclient := http.DefaultClient'
      : `\t// The server's own certificate.
\tcertificate, err := os.ReadFile(${goLiteral(certificate)})
\tif err != nil {
\t\tpanic(err)
\t}
\tpool := x509.NewCertPool()
\tpool.AppendCertsFromPEM(certificate)
\tclient := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}`;
  return `package main

import (
${imports
  .sort()
  .map((name) => `\t"${name}"`)
  .join('\n')}
)

func main() {
${client}
\tanswer, err := client.Post(${goLiteral(url)}, "application/json",
\t\tstrings.NewReader(${goLiteral(body)}))
\tif err != nil {
\t\tpanic(err)
\t}
\tdefer answer.Body.Close()
\ttext, err := io.ReadAll(answer.Body)
\tif err != nil {
\t\tpanic(err)
\t}
\tfmt.Println(string(text))
}
`;
}

/** Go's \\u takes no halves of surrogate pairs, so the text keeps what is not ASCII. */
function goLiteral(text: string): string {
  if (!/[`\u0000-\u001f\u007f\ufeff]/.test(text)) return `\`${text}\``;
  return JSON.stringify(text).replace(
    /[\u007f\ufeff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function writeJava({ url, body, certificate }: Parts): string {
  const trust =
    certificate === ''
      ? ''
      : `// Let Java trust the server's own certificate, and run this:
// keytool -importcert -noprompt -file ${shellWord(certificate)} -keystore trust.jks -storepass confab
// java -Djavax.net.ssl.trustStore=trust.jks -Djavax.net.ssl.trustStorePassword=confab Call.java

`;
  return `${trust}import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

public class Call {
  public static void main(String[] args) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(${literal(url)}))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(${literal(body)}))
        .build();
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    System.out.println(answer.body());
  }
}
`;
}

function writePython({ url, body, certificate }: Parts): string {
  const trust = certificate === '' ? '' : `cafile=${pythonLiteral(certificate)}`;
  return `import ssl
import urllib.request

context = ssl.create_default_context(${trust})
body = ${pythonLiteral(body)}
request = urllib.request.Request(
    ${pythonLiteral(url)},
    data=body.encode(), headers={"Content-Type": "application/json"})
with urllib.request.urlopen(request, context=context) as answer:
    print(answer.read().decode())
`;
}

/** Python's \u does not join halves of surrogate pairs, so such characters stay as they are. */
function pythonLiteral(text: string): string {
  return JSON.stringify(text).replace(/\u007f/g, '\\u007f');
}

function writeNode({ url, body, certificate }: Parts): string {
  const trust = certificate === '' ? '' : `NODE_EXTRA_CA_CERTS=${shellWord(certificate)} `;
  return `// ${trust}node call.mjs
const answer = await fetch(${literal(url)}, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: ${literal(body)},
});
console.log(await answer.text());
`;
}

function writePhp({ url, body, certificate }: Parts): string {
  const trust = certificate === '' ? '' : `    CURLOPT_CAINFO => ${phpLiteral(certificate)},\n`;
  return `<?php
$call = curl_init(${phpLiteral(url)});
curl_setopt_array($call, [
${trust}    CURLOPT_POSTFIELDS => ${phpLiteral(body)},
    CURLOPT_HTTPHEADER => ['Content-Type: application/json'],
    CURLOPT_RETURNTRANSFER => true,
]);
$answer = curl_exec($call);
echo $answer === false ? curl_error($call) : $answer, "\\n";
`;
}

function phpLiteral(text: string): string {
  return `'${text.replace(/[\\']/g, (character) => `\\${character}`)}'`;
}

// Reads a mail with a TLS report from standard input and prints what it found as JSON: who has signed the mail, by
// mailauth, and what is in it, by mailparser. The keys are in the file that the first argument names: a JSON object of
// names to TXT records.
'use strict';

const fs = require('fs');
const zlib = require('zlib');
const { dkimVerify } = require('mailauth/lib/dkim/verify');
const { simpleParser } = require('mailparser');

const records = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));

async function resolver(name, type) {
  if (type === 'TXT' && records[name]) {
    return [records[name]];
  }
  const missing = new Error('no such name: ' + name);
  missing.code = 'ENOTFOUND';
  throw missing;
}

async function main() {
  const octets = fs.readFileSync(0);
  const dkim = await dkimVerify(octets, { resolver, minBitLength: 1024 });
  const mail = await simpleParser(octets);
  const file = mail.attachments[0];
  const type = mail.headers.get('content-type');
  console.log(
    JSON.stringify({
      signatures: dkim.results.map(one => ({
        domain: one.signingDomain,
        result: one.status.result,
        signs: one.signingHeaders ? one.signingHeaders.keys : ''
      })),
      type: type.value,
      reportType: type.params['report-type'],
      subject: mail.subject,
      text: mail.text,
      file: file.filename,
      fileType: file.contentType,
      report: JSON.parse(zlib.gunzipSync(file.content).toString('utf8'))
    })
  );
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});

// Owns the words of `mailtrace --help`.

export const usage = `mailtrace: open and click tracking for HTML email, under your own domain

  mailtrace instrument [FILE|-] --domain FILE [-o FILE] [--json]
      Writes the HTML with its links and the pixel in place. The rest of it stays as it is, byte for byte.
  mailtrace inspect [FILE|-] --domain FILE [--json]
      Says what instrument would do: every link with its outcome, the pixel, the size, and what to look out for.
  mailtrace serve --domain FILE [--port N] [--events FILE] [--page FILE]
      Answers clicks and opens on this machine and prints them as they come. Each is in the events file, one line of
      JSON, before it is answered. --page shows an email, instrumented, at http://localhost:PORT/.
  mailtrace dns --domain FILE [--write] [--resolver IP[:PORT]] [--ca NAME] [--probe] [--json]
      Says which DNS records to publish, looks whether they are there, and what to fix. Ends with 1 while a record is
      not verified.

  --domain FILE       the sending domain's configuration, as JSON
  -o, --output FILE   where the HTML goes instead of standard output
  --json              the result as JSON
  --message-ref REF   instrument, inspect: what stands for this message to this recipient (default: random)
  --pixel end|start   instrument, inspect: where the pixel goes (default: end)
  --port N            serve: where to listen on 127.0.0.1 (default: 8080)
  --write             dns: put the outcome into the configuration
  --resolver IP:PORT  dns: the DNS server to ask (default: the system's)
  --ca NAME           dns: who issues the certificates, like letsencrypt.org; looks for CAA records that forbid it
  --probe             dns: also wants an answer from the tracking host over TLS
  -h, --help          this text
  --version           the version

FILE is UTF-8 HTML, the decoded part of a message; - or nothing is standard input.
Exit code: 0 done, 1 the job failed or its input is wrong, 2 the call is wrong. Heeds NO_COLOR and FORCE_COLOR.
`

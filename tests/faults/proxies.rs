//! Proxies that ask for a password, refuse, answer garbage or stall.

use crate::harness::{
    Close, Pause, Receive, Repeat, Reset, Send, Stall, proxy, raw, raw_proxy, response, row,
    run_table,
};

const NETWORK: (i32, &str) = (1, "network");
const TIMEOUT: (i32, &str) = (1, "timeout");

#[test]
fn http_proxy() {
    let established = "HTTP/1.1 200 Connection established\r\n\r\n";
    let then = |step| proxy(vec![Send(established.into()), step]);
    run_table(vec![
        row(
            "wants a password",
            proxy(response(407, "proxy-authenticate: Basic realm=x\r\n", "")),
            "",
            NETWORK,
        ),
        row("wants NTLM", proxy(response(407, "proxy-authenticate: NTLM\r\n", "")), "", NETWORK),
        row(
            "wants a password in HTML",
            proxy(response(407, "", "<html>".repeat(1_000))),
            "",
            NETWORK,
        ),
        row("forbids", proxy(response(403, "", "blocked by policy")), "", NETWORK),
        row("finds no host", proxy(response(502, "", "")), "", NETWORK),
        row("is overloaded", proxy(response(503, "retry-after: 900\r\n", "")), "", NETWORK),
        row(
            "redirects",
            proxy(response(302, "location: https://login.example/\r\n", "")),
            "",
            NETWORK,
        ),
        row("has no tunnels", proxy(response(405, "", "")), "", NETWORK),
        row("limits the rate", proxy(response(429, "retry-after: 900\r\n", "")), "", NETWORK),
        row("closes at once", raw_proxy("http", vec![Close]), "", NETWORK),
        row("resets at once", raw_proxy("http", vec![Reset]), "", NETWORK),
        row("closes after the request", proxy(vec![Close]), "", NETWORK),
        row("closes in its response", proxy(raw("HTTP/1.1 200 Conn")), "", NETWORK),
        row("answers garbage", proxy(raw(b"\xde\xad\xbe\xef\r\n\r\n")), "", NETWORK),
        row("answers SSH", proxy(raw("SSH-2.0-OpenSSH_9.9\r\n")), "", NETWORK),
        row("answers HTTP/2", proxy(raw(b"\0\0\0\x04\0\0\0\0\0")), "", NETWORK),
        row(
            "answers HTML",
            proxy(raw("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<html>log in")),
            "",
            NETWORK,
        ),
        row("answers without end", proxy(vec![Repeat(raw("x".repeat(4096)))]), "", NETWORK),
        row(
            "sends headers without end",
            proxy(vec![Send(b"HTTP/1.1 200 OK\r\n".into()), Repeat(raw("a: b\r\n"))]),
            "",
            NETWORK,
        ),
        row(
            "trickles",
            proxy(vec![Send(b"HTTP/1.1 200 x".into()), Repeat(vec![Send(b"x".into()), Pause(20)])]),
            "--timeout 0.5",
            TIMEOUT,
        ),
        row("stalls at once", raw_proxy("http", vec![Stall]), "--timeout 0.5", TIMEOUT),
        row(
            "stalls in its response",
            proxy(vec![Send(b"HTTP/1.1 200 ".into()), Stall]),
            "--timeout 0.5",
            TIMEOUT,
        ),
        row("stalls in the tunnel", then(Stall), "--timeout 0.5", TIMEOUT),
        row("closes the tunnel", then(Close), "", NETWORK),
        row("resets the tunnel", then(Reset), "", NETWORK),
        row("sends garbage in the tunnel", then(Send(b"garbage".into())), "", NETWORK),
        row("sends zeros in the tunnel", then(Repeat(raw([0; 4096]))), "", NETWORK),
        row(
            "speaks no TLS",
            raw_proxy("https", vec![Receive, Send(b"HTTP/1.1 400 x\r\n\r\n".into())]),
            "",
            NETWORK,
        ),
        row("stalls in TLS", raw_proxy("https", vec![Stall]), "--timeout 0.5", TIMEOUT),
    ]);
}

#[test]
fn socks_proxy() {
    let socks5 = |steps| raw_proxy("socks5h", steps);
    // Accepts the client's greeting.
    let greeted = |step| socks5(vec![Receive, Send(vec![5, 0]), Receive, step]);
    let mut rows = vec![
        row("closes at once", socks5(vec![Close]), "", NETWORK),
        row("closes after the greeting", socks5(vec![Receive, Close]), "", NETWORK),
        row("stalls at once", socks5(vec![Stall]), "--timeout 0.5", TIMEOUT),
        row("stalls after the greeting", greeted(Stall), "--timeout 0.5", TIMEOUT),
        row("accepts no method", socks5(vec![Receive, Send(vec![5, 255])]), "", NETWORK),
        row("wants a password", socks5(vec![Receive, Send(vec![5, 2])]), "", NETWORK),
        row("is SOCKS 4", socks5(vec![Receive, Send(vec![0, 91, 0, 0, 0, 0, 0, 0])]), "", NETWORK),
        row(
            "is an HTTP proxy",
            socks5(vec![Receive, Send(b"HTTP/1.1 400 x\r\n\r\n".into())]),
            "",
            NETWORK,
        ),
        row("closes in its answer", greeted(Send(vec![5, 0, 0])), "", NETWORK),
        row(
            "has an unknown address type",
            greeted(Send(vec![5, 0, 0, 9, 0, 0, 0, 0, 0, 0])),
            "",
            NETWORK,
        ),
        row("closes the tunnel", greeted(Send(vec![5, 0, 0, 1, 0, 0, 0, 0, 0, 0])), "", NETWORK),
        row(
            "SOCKS 4: refuses",
            raw_proxy("socks4", vec![Receive, Send(vec![0, 91, 0, 0, 0, 0, 0, 0])]),
            "",
            NETWORK,
        ),
        row("SOCKS 4: closes", raw_proxy("socks4", vec![Receive, Close]), "", NETWORK),
    ];
    for code in 1..=9 {
        let refused = greeted(Send(vec![5, code, 0, 1, 0, 0, 0, 0, 0, 0]));
        rows.push(row(format!("refuses with code {code}"), refused, "", NETWORK));
    }
    run_table(rows);
}

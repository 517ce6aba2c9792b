//! TLS: certificates, protocols, and handshakes that stall or break off.

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, date_time_ymd,
};

use crate::harness::{
    Close, Receive, Repeat, Reset, Send, Stall, Tls, ok, over_tls, raw, row, run_table, without_tls,
};
use crate::support::artists;

const OK: (i32, &str) = (0, "");
const NETWORK: (i32, &str) = (1, "network");
const TIMEOUT: (i32, &str) = (1, "timeout");

fn named(names: &[&str]) -> Tls {
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    let params = CertificateParams::new(names).unwrap();
    Tls::issued(|certificate| certificate.subject_alt_names = params.subject_alt_names)
}

#[test]
fn certificate() {
    let authority = |params: &mut CertificateParams| {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    };
    let expired = |params: &mut CertificateParams| params.not_after = date_time_ymd(2020, 1, 1);
    let future = |params: &mut CertificateParams| params.not_before = date_time_ymd(2090, 1, 1);
    let usage = |usage: ExtendedKeyUsagePurpose| {
        Tls::issued(|params| params.extended_key_usages = vec![usage])
    };
    let common_name = Tls::issued(|params| {
        params.subject_alt_names.clear();
        params.distinguished_name.push(DnType::CommonName, "localhost");
    });
    let search = |config| over_tls(config, [ok()]);
    run_table(vec![
        row("good", search(Tls::issued(|_| {})), "", OK),
        row("self-signed and trusted", search(Tls::self_signed(|_| {})), "", OK),
        row("self-signed and unknown", search(Tls::self_signed(|_| {}).untrusted()), "", NETWORK),
        row("unknown issuer", search(Tls::issued(|_| {}).untrusted()), "", NETWORK),
        row("an authority as server", search(Tls::self_signed(authority)), "", NETWORK),
        row("expired", search(Tls::issued(expired)), "", NETWORK),
        row("expired and self-signed", search(Tls::self_signed(expired)), "", NETWORK),
        row("not yet valid", search(Tls::issued(future)), "", NETWORK),
        row("another name", search(named(&["other.example"])), "", NETWORK),
        row("an address", search(named(&["127.0.0.1"])), "", NETWORK),
        row("a subdomain", search(named(&["www.localhost"])), "", NETWORK),
        row("a wildcard for everything", search(named(&["*"])), "", NETWORK),
        row("one of several names", search(named(&["other.example", "localhost"])), "", OK),
        row("only a common name", search(common_name), "", NETWORK),
        row("for clients", search(usage(ExtendedKeyUsagePurpose::ClientAuth)), "", NETWORK),
        row("for servers", search(usage(ExtendedKeyUsagePurpose::ServerAuth)), "", OK),
        row("an intermediate", search(Tls::with_intermediate(true)), "", OK),
        row("a missing intermediate", search(Tls::with_intermediate(false)), "", NETWORK),
        row("is not retried", search(Tls::issued(expired)), "--retries 10", NETWORK),
        row("ends a batch", search(Tls::issued(expired)), "", NETWORK).batch("a\nb\nc\n"),
    ]);
}

#[test]
fn protocol() {
    let offering = |protocols: &[&str]| over_tls(Tls::issued(|_| {}).offering(protocols), [ok()]);
    run_table(vec![
        row("HTTP/1.1 only", offering(&["http/1.1"]), "", OK),
        row("no ALPN", offering(&[]), "", OK),
        row("HTTP/1.0 only", offering(&["http/1.0"]), "", NETWORK),
        row("HTTP/3 only", offering(&["h3"]), "", NETWORK),
        row("HTTP/1.1 after agreeing on HTTP/2", offering(&["h2"]), "", NETWORK),
    ]);
}

#[test]
fn handshake() {
    let alert = |code: u8| without_tls(vec![Receive, Send(vec![21, 3, 3, 0, 2, 2, code]), Stall]);
    let after_hello = |bytes: &[u8]| without_tls(vec![Receive, Send(bytes.into())]);
    let mut rows = vec![
        row("stalls at once", without_tls(vec![Stall]), "--timeout 0.5", TIMEOUT),
        row(
            "stalls after the client's part",
            without_tls(vec![Receive, Stall]),
            "--timeout 0.5",
            TIMEOUT,
        ),
        row(
            "stalls in a record",
            without_tls(vec![Receive, Send(vec![22, 3, 3, 1]), Stall]),
            "--timeout 0.5",
            TIMEOUT,
        ),
        row("closes at once", without_tls(vec![Close]), "", NETWORK),
        row("closes after the client's part", without_tls(vec![Receive, Close]), "", NETWORK),
        row("resets at once", without_tls(vec![Reset]), "", NETWORK),
        row("resets after the client's part", without_tls(vec![Receive, Reset]), "", NETWORK),
        row("HTTP in place of TLS", after_hello(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "", NETWORK),
        row("SSH in place of TLS", without_tls(raw("SSH-2.0-OpenSSH_9.9\r\n")), "", NETWORK),
        row("zeros in place of TLS", after_hello(&[0; 1024]), "", NETWORK),
        row("zeros without end", without_tls(vec![Repeat(raw([0; 4096]))]), "", NETWORK),
        row("a record that is too large", after_hello(&[22, 3, 3, 0xff, 0xff]), "", NETWORK),
        row("SSL 3", after_hello(&[22, 3, 0, 0, 4, 2, 0, 0, 0]), "", NETWORK),
        row("an empty handshake", after_hello(&[22, 3, 3, 0, 0]), "", NETWORK),
        row("application data", after_hello(&[23, 3, 3, 0, 1, 0]), "", NETWORK),
    ];
    for (name, code) in [
        ("close notify", 0),
        ("unexpected message", 10),
        ("handshake failure", 40),
        ("bad certificate", 42),
        ("protocol version", 70),
        ("internal error", 80),
        ("unrecognized name", 112),
        ("certificate required", 116),
        ("no application protocol", 120),
        ("an unknown alert", 99),
    ] {
        rows.push(row(format!("alert: {name}"), alert(code), "", NETWORK));
    }
    for bytes in [1, 5, 6, 60, 127, 128, 133, 134, 200, 500, 700] {
        let cut = Tls::issued(|_| {}).cut_after(bytes);
        rows.push(row(format!("closes after {bytes} bytes"), over_tls(cut, [ok()]), "", NETWORK));
    }
    run_table(rows);
}

#[test]
fn end_of_the_connection() {
    let body = artists(&["BTS"]).to_string();
    let with_length = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    let without_length = format!("HTTP/1.1 200 OK\r\n\r\n{body}");
    let search = |response: &str, end: &[_]| {
        over_tls(Tls::issued(|_| {}), [[vec![Send(response.into())], end.to_vec()].concat()])
    };
    let before = |end: &[_]| over_tls(Tls::issued(|_| {}), [end.to_vec()]);
    run_table(vec![
        row("close_notify before the response", before(&[]), "", NETWORK),
        row("no close_notify before the response", before(&[Close]), "", NETWORK),
        row("close_notify", search(&with_length, &[]), "", OK),
        row("close_notify ends the body", search(&without_length, &[]), "", OK),
        row("no close_notify", search(&with_length, &[Close]), "", OK),
        // Somebody else may have cut the body short.
        row(
            "no close_notify at the end of the body",
            search(&without_length, &[Close]),
            "",
            NETWORK,
        ),
        row("a reset after the body", search(&with_length, &[Reset]), "", OK),
        row("a reset at the end of the body", search(&without_length, &[Reset]), "", NETWORK),
        row(
            "a stall at the end of the body",
            search(&without_length, &[Stall]),
            "--timeout 0.5",
            TIMEOUT,
        ),
    ]);
}

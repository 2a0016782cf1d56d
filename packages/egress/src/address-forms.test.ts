import { expect, it } from "vitest";
import { guard, refuseUrl } from "./address-guard.ts";

// Every way known to us of writing, hiding or tunnelling an address, as a tenant could register it: what becomes of it, and why.

const notPublic = /not public/;
const badPort = /port \d+ is not allowed/;
const notUrl = /not a URL/;
const noScheme = /must begin with https/;
const noUser = /user name or password/;
const noFragment = /fragment/;
const unresolved = /can't be resolved/;
const noAddress = /has no address/;
const allowed = null;

/** What the names in the table resolve to. */
const names: Record<string, string[]> = {
  "example.com": ["93.184.216.34", "2606:2800:220:1::1"],
  "example.com.": ["93.184.216.34"],
  "xn--bcher-kva.example": ["93.184.216.34"],
  localhost: ["127.0.0.1", "::1"],
  "localhost.": ["127.0.0.1"],
  "inner.example": ["10.1.2.3"],
  "mixed.example": ["93.184.216.34", "10.1.2.3"],
  "mixed-six.example": ["93.184.216.34", "fd00::1"],
  "mapped.example": ["::ffff:10.1.2.3"],
  "metadata.google.internal": ["169.254.169.254"],
  "empty.example": [],
  "zone.example": ["fe80::1%eth0"],
  "odd.example": ["not an address"],
};

const forms: [url: string, verdict: RegExp | null, about: string][] = [
  // Public
  ["https://example.com/hooks", allowed, "a name with public addresses"],
  ["http://example.com/hooks", allowed, "the same without TLS"],
  ["https://example.com:443/", allowed, "the scheme's own port"],
  ["http://example.com:443/", allowed, "443 is a web port under either scheme"],
  ["https://example.com./", allowed, "a rooted name"],
  ["https://EXAMPLE.com/", allowed, "names know no case"],
  ["https://ⓔxample.com/", allowed, "circled letters are letters (UTS 46)"],
  ["https://bücher.example/", allowed, "an internationalised name"],
  ["https://example.com/?to=http://127.0.0.1/", allowed, "a query is data"],
  ["https://1.1.1.1/", allowed, "a public address"],
  ["https://172.15.255.255/", allowed, "the address before 172.16/12"],
  ["https://172.32.0.1/", allowed, "the address after 172.16/12"],
  ["https://100.63.255.255/", allowed, "the address before 100.64/10"],
  ["https://100.128.0.1/", allowed, "the address after 100.64/10"],
  ["https://[2606:4700::1111]/", allowed, "a public IPv6 address"],
  ["https://[2a00:1450:4001::1]/", allowed, "another"],
  ["https://[::ffff:8.8.8.8]/", allowed, "IPv4-mapped, public inside"],
  ["https://[64:ff9b::8.8.8.8]/", allowed, "NAT64, public inside"],
  ["https://[2002:808:808::1]/", allowed, "6to4, public inside"],
  // IPv4
  ["http://0.0.0.0/", notPublic, "this host; reaches loopback on Linux"],
  ["http://0.1.2.3/", notPublic, "0/8, this network"],
  ["http://10.0.0.1/", notPublic, "private use"],
  ["http://10.255.255.255/", notPublic, "the end of it"],
  ["http://100.64.0.1/", notPublic, "carrier-grade NAT"],
  ["http://100.127.255.255/", notPublic, "the end of it"],
  ["http://127.0.0.1/", notPublic, "loopback"],
  ["http://127.255.255.254/", notPublic, "all of 127/8 is loopback"],
  ["http://169.254.169.254/latest/meta-data/", notPublic, "link-local: a cloud's metadata"],
  ["http://172.16.0.1/", notPublic, "private use"],
  ["http://172.31.255.255/", notPublic, "the end of it"],
  ["http://192.0.0.1/", notPublic, "IETF protocol assignments"],
  ["http://192.0.0.170/", notPublic, "NAT64 discovery"],
  ["http://192.0.2.1/", notPublic, "documentation"],
  ["http://192.31.196.1/", notPublic, "AS112"],
  ["http://192.52.193.1/", notPublic, "AMT"],
  ["http://192.88.99.1/", notPublic, "6to4 relay, deprecated"],
  ["http://192.168.0.1/", notPublic, "private use"],
  ["http://198.18.0.1/", notPublic, "benchmarking"],
  ["http://198.51.100.1/", notPublic, "documentation"],
  ["http://203.0.113.1/", notPublic, "documentation"],
  ["http://224.0.0.1/", notPublic, "multicast"],
  ["http://239.255.255.250/", notPublic, "multicast, local scope"],
  ["http://240.0.0.1/", notPublic, "reserved"],
  ["http://255.255.255.255/", notPublic, "broadcast"],
  // Other spellings of IPv4
  ["http://2130706433/", notPublic, "decimal"],
  ["http://017700000001/", notPublic, "octal"],
  ["http://0x7f000001/", notPublic, "hexadecimal"],
  ["http://0177.0.0.1/", notPublic, "an octal part"],
  ["http://0x7f.0.0.0x1/", notPublic, "hexadecimal parts"],
  ["http://0xA9FE.0xA9FE/", notUrl, "parts of sixteen bits are none"],
  ["http://0xA9FEA9FE/", notPublic, "link-local, hexadecimal"],
  ["http://127.1/", notPublic, "short"],
  ["http://127.0.1/", notPublic, "short"],
  ["http://192.168.257/", notPublic, "short, the last part of sixteen bits"],
  ["http://0/", notPublic, "shortest"],
  ["http://127.0.0.1./", notPublic, "a trailing dot"],
  ["http://127%2e0%2e0%2e1/", notPublic, "percent-encoded dots"],
  ["http://%31%32%37.0.0.1/", notPublic, "percent-encoded digits"],
  ["http://１２７.０.０.１/", notPublic, "full-width digits"],
  ["http://①②⑦.⓪.⓪.①/", notPublic, "circled digits"],
  ["http://127。0。0。1/", notPublic, "ideographic full stops"],
  ["http://[::ffff:127.0.0.1]:80/", notPublic, "mapped, with the port spelt out"],
  ["http://256.1.1.1/", notUrl, "no address, and no name either"],
  ["http://1.1.1.1.1/", notUrl, "five parts"],
  // IPv6
  ["http://[::]/", notPublic, "unspecified"],
  ["http://[::1]/", notPublic, "loopback"],
  ["http://[0:0:0:0:0:0:0:1]/", notPublic, "the same, written out"],
  ["http://[::127.0.0.1]/", notPublic, "IPv4-compatible, deprecated"],
  ["http://[::ffff:127.0.0.1]/", notPublic, "IPv4-mapped"],
  ["http://[::ffff:7f00:1]/", notPublic, "the same in hexadecimal"],
  ["http://[::ffff:a9fe:a9fe]/", notPublic, "mapped metadata"],
  ["http://[::ffff:0:127.0.0.1]/", notPublic, "IPv4-translated (SIIT)"],
  ["http://[64:ff9b::7f00:1]/", notPublic, "NAT64 to loopback"],
  ["http://[64:ff9b::10.0.0.1]/", notPublic, "NAT64 to a private address"],
  ["http://[64:ff9b:1::8.8.8.8]/", notPublic, "NAT64's prefix for local use, whatever is inside"],
  ["http://[64:ff9b:1:fffe::10.0.0.1]/", notPublic, "the end of it"],
  ["http://[100::1]/", notPublic, "discard-only"],
  ["http://[100:0:0:1::1]/", notPublic, "dummy prefix (RFC 9780)"],
  ["http://[2001::1]/", notPublic, "Teredo"],
  ["http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/", notPublic, "Teredo with a client inside"],
  ["http://[2001:2::1]/", notPublic, "benchmarking"],
  ["http://[2001:20::1]/", notPublic, "ORCHIDv2"],
  ["http://[2001:db8::1]/", notPublic, "documentation"],
  ["http://[3fff::1]/", notPublic, "documentation (RFC 9637)"],
  ["http://[2002:7f00:1::]/", notPublic, "6to4 of loopback"],
  ["http://[2002:c0a8:1::1]/", notPublic, "6to4 of a private address"],
  ["http://[2002:a9fe:a9fe::1]/", notPublic, "6to4 of metadata"],
  ["http://[2606:4700::5efe:10.0.0.1]/", notPublic, "ISATAP of a private address"],
  ["http://[5f00::1]/", notPublic, "SRv6 segment identifiers"],
  ["http://[4000::1]/", notPublic, "outside 2000::/3: reserved"],
  ["http://[fc00::1]/", notPublic, "unique local"],
  ["http://[fd12:3456:789a::1]/", notPublic, "unique local"],
  ["http://[fe80::1]/", notPublic, "link-local"],
  ["http://[fe80::1%25eth0]/", notUrl, "with a zone"],
  ["http://[fec0::1]/", notPublic, "site-local, deprecated"],
  ["http://[ff02::1]/", notPublic, "multicast, link"],
  ["http://[ff0e::1]/", notPublic, "multicast, global"],
  // Names
  ["http://localhost/", notPublic, "the name of loopback"],
  ["http://LOCALHOST./", notPublic, "the same, rooted"],
  ["http://inner.example/", notPublic, "a public name for a private address"],
  ["http://mixed.example/", notPublic, "one private address among public ones"],
  ["http://mixed-six.example/", notPublic, "the same by IPv6"],
  ["http://mapped.example/", notPublic, "a mapped address in an answer of the DNS"],
  ["http://metadata.google.internal/", notPublic, "a cloud's metadata by name"],
  ["http://zone.example/", notPublic, "a link-local answer with a zone"],
  ["http://odd.example/", notPublic, "an answer that is no address"],
  ["http://empty.example/", noAddress, "a name without address"],
  ["http://nowhere.example/", unresolved, "a name that is not there"],
  // Ports
  ["https://example.com:22/", badPort, "ssh"],
  ["https://example.com:6379/", badPort, "Redis"],
  ["http://example.com:8080/", badPort, "a web port of inner services"],
  ["http://example.com:0/", badPort, "no port"],
  ["http://example.com:65536/", notUrl, "beyond the last port"],
  // The rest of a URL
  ["ftp://example.com/", noScheme, "another scheme"],
  ["file:///etc/passwd", noScheme, "a file"],
  ["gopher://127.0.0.1:6379/_SET", noScheme, "a scheme to speak any protocol with"],
  ["javascript:alert(1)", noScheme, "a script"],
  ["data:text/plain,x", noScheme, "data"],
  ["https://user:pass@example.com/", noUser, "user information"],
  ["http://example.com@127.0.0.1/", noUser, "a name in front of the host, to mislead the reader"],
  ["http://127.0.0.1:80\\@example.com/", notPublic, "a backslash is a slash: the host is what comes before"],
  ["https://example.com/#x", noFragment, "a fragment"],
  ["http://127.0.0.1#@example.com/", noFragment, "a fragment to mislead the reader"],
  ["http:127.0.0.1", notPublic, "no slashes"],
  ["http:///127.0.0.1/", notPublic, "too many slashes"],
  ["\thttp://127.0.0.1/", notPublic, "white space in front"],
  ["http://127.0.\n0.1/", notPublic, "a line break inside"],
  ["//127.0.0.1/", notUrl, "no scheme"],
  ["127.0.0.1", notUrl, "an address alone"],
  ["http://%00/", notUrl, "a null byte"],
  ["http://127.0.0.1%00.example.com/", notUrl, "a null byte to cut the name short"],
  ["http://exa mple.com/", notUrl, "a space"],
  ["", notUrl, "nothing"],
];

async function judged(url: string): Promise<string | null> {
  const refused = refuseUrl(url);
  if (refused !== null) return refused;
  const verdict = await guard(new URL(url), [], async (name) => {
    const addresses = names[name];
    if (addresses === undefined) throw new Error("ENOTFOUND");
    return addresses;
  });
  return verdict.ok ? null : verdict.why;
}

it.each(forms)("%j → %s (%s)", async (url, verdict) => {
  const why = await judged(url);
  if (verdict === null) expect(why).toBeNull();
  else expect(why).toMatch(verdict);
});

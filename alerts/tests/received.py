"""Searches what Slack, mail, PagerDuty and webhooks got for anything but text and our links."""

from __future__ import annotations

import email
import email.header
import functools
import json
import re
import urllib.parse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import yaml
from stub_receivers import HTTPReceiver, MailReceiver

# A number, whose point is left as it is.
NUMBER = re.compile(r"(^|\s)-?\d+\.\d+(?!\S*\.\d)")
# What begins a tag, a mention, a format, an address, an emoji, an encoded word or a link somewhere.
MARKUP = re.compile(
    r"[<>&*~`]|[.:。．｡․：](?!\]|\s|$)|[@#＠＃](?!\])|//(?!\])|\\\\(?!\])|=\?|\]\(")
URL = re.compile(r"https?://[A-Za-z0-9:/?#\[\]@!$'()*+,;=%._~&-]+")
# How an alert with usual names reads.
USUAL = ('Agent "crewai[.]Planner_v2[.]1" of store "maestro" scored 0.45 on average over window, '
         "from 30 executions; its limit is 30.00.\n")
LINKS = {"slack": r"  <(?P<url>\S+)\|(?P<title>[A-Z][a-z]+)>",
         "plain": r"  (?P<title>[A-Z][a-z]+): (?P<url>\S+)"}
TITLES = {"evidence_url": "Evidence", "dashboard_url": "Dashboard", "runbook_url": "Runbook"}
MAIL_HEADERS = {"subject", "to", "from", "message-id", "date", "content-type", "mime-version"}
SLACK_KEYS = {"title", "title_link", "text", "fallback", "callback_id", "footer", "color",
              "mrkdwn_in"}


def markup(text: str) -> Iterator[str]:
    """The parts of one line of text that are not only text."""
    hidden = [char for char in text if not char.isprintable()]
    if hidden:
        yield f"invisible {hidden[0]!r} in {text!r}"
    found = MARKUP.search(NUMBER.sub(r"\1", text))
    if found:
        yield f"{found[0]!r} in {text!r}"


def restored(text: str) -> str:
    """The text as it was before its names were made harmless."""
    text = re.sub(r"\\x(3c|3e|26|2a|7e|60)", lambda code: chr(int(code[1], 16)), text)
    text = re.sub(r"\[([(?]|//|\\\\)\]", r"\1", text)
    return re.sub(r"\[([.:@#。．｡․：＠＃])\]", r"\1", text)


def links(annotations: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """The links that a message must have for an alert: title and address."""
    return tuple((title, re.sub(r"\.$", "%2E", annotations[key]))
                 for key, title in TITLES.items() if annotations.get(key))


def chosen(url: str) -> dict[str, str]:
    """What an address chooses."""
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))


def rendering_problems(alerts: list[dict]) -> Iterator[str]:
    """Addresses in annotations choose the alert's own names, and queries find them."""
    for alert in alerts:
        labels, annotations = alert["labels"], alert["annotations"]
        for key, value in chosen(annotations["dashboard_url"]).items():
            if value != labels.get(key.removeprefix("var-")):
                yield f"annotation: {key} is {value!r} for {labels}"
        for name, value in chosen(annotations.get("evidence_url", "")).items():
            if name in ("store", "agent", "gate", "subject") and value != labels.get(name):
                yield f"annotation: evidence of {name} {value!r} for {labels}"
        for _, url in links(annotations):
            if not URL.fullmatch(url):
                yield f"annotation: the address {url!r}"
        wanted = "from 30 executions; its limit is 30.00."
        if labels["alertname"] == "ReflexiveQsrLow" and wanted not in annotations["description"]:
            yield f"annotation: a query found nothing: {annotations['description']!r}"


def entries(status: str, texts: Iterable[str]) -> int:
    """How many firing or resolved alerts the texts have."""
    every = resolved = 0
    for text in texts:
        every += text.count(".md")
        resolved += text.count("Resolved: ")
    return resolved if status == "resolved" else every - resolved


def parts(message: bytes) -> list[str]:
    """The texts of a mail."""
    return [part.get_payload(decode=True).decode().replace("\r\n", "\n")
            for part in email.message_from_bytes(message).walk() if not part.is_multipart()]


@dataclass
class Sent:
    """What was handed to Alertmanager, and the receivers."""

    alerts: list[dict]
    http: HTTPReceiver
    mail: MailReceiver

    @functools.cached_property
    def said(self) -> dict[tuple[str, str], set[str]]:
        """What the alerts with the same links say."""
        found: dict[tuple[str, str], set[str]] = {}
        for alert in self.alerts:
            found.setdefault(links(alert["annotations"]), set()).add(
                alert["annotations"]["description"])
        return found

    def of(self, severity: str | None) -> list[dict]:
        """The alerts of one severity, or the watchdog's."""
        dead = [alert for alert in self.alerts
                if alert["labels"]["alertname"] == "ReflexiveWatchdog"]
        return dead if severity is None else [
            alert for alert in self.alerts
            if alert["labels"]["severity"] == severity and alert not in dead]

    def hooked(self, path: str, status: str) -> dict[str, dict]:
        """The alerts that a webhook got, by their labels."""
        return {json.dumps(alert["labels"], sort_keys=True): alert
                for body in self.http.at(path) for alert in json.loads(body)["alerts"]
                if alert["status"] == status}

    def slack(self) -> list[dict]:
        """What Slack got."""
        return [json.loads(body) for body in self.http.at("/slack")]

    def pagerduty(self) -> list[dict]:
        """What PagerDuty got."""
        return [json.loads(body) for body in self.http.at("/pagerduty")]

    def arrived(self, status: str) -> bool:
        """Whether all alerts have reached their receivers."""
        pages, tickets, dead = self.of("critical"), self.of("warning"), self.of(None)
        return (
            len(self.hooked("/watchdog", "firing")) == len(dead)
            and len(self.hooked("/pages", status)) == len(pages)
            and entries(status, (body["attachments"][0]["text"] for body in self.slack()))
            >= len(tickets)
            and entries(status, (details[key] for details in self.details() for key in details))
            >= len(pages)
            and entries(status, (text for mail in list(self.mail.mails) for text in parts(mail[2])))
            >= len(tickets))

    def details(self) -> list[dict]:
        """The details that PagerDuty got."""
        return [body["payload"]["custom_details"] for body in self.pagerduty()]

    def counts(self) -> str:
        """How many messages each receiver got."""
        return (f"{len(self.slack())} to Slack, {len(self.mail.mails)} mails, "
                f"{len(self.pagerduty())} to PagerDuty, "
                f"{len(self.http.at('/pages'))} and {len(self.http.at('/watchdog'))} to webhooks")

    def problems(self) -> Iterator[str]:
        """What is wrong with anything that arrived."""
        for body in self.slack():
            yield from (f"Slack, {problem}" for problem in slack_problems(body, self))
        for each in list(self.mail.mails):
            yield from (f"mail, {problem}" for problem in mail_problems(*each, self))
        for body in self.pagerduty():
            yield from (f"PagerDuty, {problem}" for problem in pagerduty_problems(body, self))
        if not any(USUAL in body["attachments"][0]["text"] for body in self.slack()):
            yield f"Slack, text: no {USUAL!r}"
        for path, status, alerts in [
            ("/pages", "firing", self.of("critical")), ("/pages", "resolved", self.of("critical")),
            ("/watchdog", "firing", self.of(None))]:
            got = self.hooked(path, status)
            for alert in alerts:
                one = got.get(json.dumps(alert["labels"], sort_keys=True), {})
                if one.get("annotations") != alert["annotations"]:
                    yield f"webhook, {status}: {one} instead of {alert}"


def title_problems(text: str) -> Iterator[str]:
    """A title is one line of text that begins with the status."""
    yield from (f"title: {problem}" for problem in markup(text))
    if not re.match(r"\[(FIRING \d+|RESOLVED)\] ", text):
        yield f"title: {text!r}"


def entries_of(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Each line of text with the lines of links below it."""
    found: list[tuple[str, list[str]]] = []
    for line in lines:
        if line.startswith("  "):
            found[-1][1].append(line)
        else:
            found.append((line, []))
    yield from found


def text_problems(text: str, syntax: str, sent: Sent) -> Iterator[str]:
    """Each alert is a line of text and its links, and they are those of an alert that was sent."""
    lines = text.split("\n")
    if lines.pop() or not lines or lines[0].startswith("  "):
        yield f"text: {len(lines)} lines: {text!r}"
        return
    for described, linked in entries_of(lines):
        described = described.removeprefix("Resolved: ")
        yield from (f"text: {problem}" for problem in markup(described))
        found = [re.fullmatch(LINKS[syntax], line) for line in linked]
        if None in found:
            yield f"links: {linked}"
            continue
        urls = tuple((match["title"], match["url"]) for match in found)
        if syntax == "slack":
            if any(re.search(r"&(?!amp;)", url) for _, url in urls):
                yield f"links: a bare & in {linked}"
            urls = tuple((title, url.replace("&amp;", "&")) for title, url in urls)
        if urls not in sent.said:
            yield f"links: {urls} of no alert"
        elif restored(described) not in sent.said[urls] and all(
            map(str.isprintable, sent.said[urls])):
            yield f"text: {described!r} is what no alert says"


def slack_problems(body: dict, sent: Sent) -> Iterator[str]:
    """One attachment without formats, whose only links are ours."""
    attachment = body["attachments"][0]
    if body.keys() != {"channel", "username", "attachments"} or len(body["attachments"]) != 1:
        yield f"message: {sorted(body)}"
    if attachment.keys() != SLACK_KEYS or attachment["mrkdwn_in"] != ["fields"]:
        yield f"message: formats {attachment.get('mrkdwn_in')}, keys {sorted(attachment)}"
    fixed = [body["channel"], body["username"], attachment["title_link"], attachment["footer"],
             attachment["callback_id"]]
    if fixed != ["#agent-quality", "Alertmanager",
                 "http://alertmanager.example/#/alerts?receiver=tickets", "", ""]:
        yield f"message: {fixed}"
    for key in ("title", "fallback"):
        yield from (f"{key} {problem}" for problem in title_problems(attachment[key]))
    yield from text_problems(attachment["text"], "slack", sent)


def mail_problems(
    sender: str, recipients: list[str], message: bytes, sent: Sent) -> Iterator[str]:
    """The expected headers and no others, and one part of plain text."""
    if (sender.split()[1], recipients) != (
        "FROM:<alertmanager@example.org>", ["RCPT TO:<agent-quality@example.org>"]):
        yield f"envelope: {sender} {recipients}"
    head = message.split(b"\r\n\r\n", 1)[0]
    names = [line.split(b":")[0].decode(errors="replace").lower() for line in head.split(b"\r\n")]
    if set(names) != MAIL_HEADERS or len(names) != len(MAIL_HEADERS):
        yield f"headers: {names}"
    for line in head.split(b"\r\n"):
        if len(line) > 998 or not line.decode(errors="replace").isascii() or b"\n" in line:
            yield f"headers: a line of {len(line)} bytes: {line[:100]!r}"
    parsed = email.message_from_bytes(message)
    subject = str(email.header.make_header(email.header.decode_header(parsed["Subject"])))
    yield from (f"subject {problem}" for problem in title_problems(subject))
    kinds = [part.get_content_type() for part in parsed.walk() if not part.is_multipart()]
    if kinds != ["text/plain"]:
        yield f"parts: {kinds}"
    yield from text_problems("".join(parts(message)), "plain", sent)


def pagerduty_problems(body: dict, sent: Sent) -> Iterator[str]:
    """Text, two numbers and Alertmanager's own address."""
    payload, details = body["payload"], body["payload"]["custom_details"]
    fixed = (body["client"], body["client_url"], payload["source"], payload["severity"])
    if fixed != ("Alertmanager", "http://alertmanager.example/#/alerts?receiver=pager",
                 "Alertmanager", "critical"):
        yield f"message: {fixed}"
    if details.keys() != {"firing", "resolved", "num_firing", "num_resolved"} or body.keys() != {
        "routing_key", "dedup_key", "event_action", "payload", "client", "client_url"}:
        yield f"message: {sorted(body)} with the details {sorted(details)}"
    yield from (f"summary {problem}" for problem in title_problems(payload["summary"]))
    for key in ("firing", "resolved"):
        if not details[key]:
            continue
        yield from (f"{key} {problem}" for problem in text_problems(details[key], "plain", sent))
        # Later versions of Alertmanager send a detail that is YAML as the structure it stands for.
        try:
            structure = yaml.safe_load(details[key])
        except yaml.YAMLError:
            continue
        if not isinstance(structure, str):
            yield f"{key}: is YAML of a {type(structure).__name__}"

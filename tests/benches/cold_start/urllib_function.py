"""The two requests with what Python brings along. What can be done once is done in the init phase, and both are sent at once."""

import html
import json
import os
import ssl
import urllib.request
from concurrent.futures import ThreadPoolExecutor

TIMEOUT = 10
# Discord's colour of what is critical, and a name, without which Discord blocks requests.
COLOR = 10038562
NAME = "DiscordBot (https://github.com/campanile-iot/campanile, 0.1.0)"

TELEGRAM = "{}/bot{}/sendMessage".format(
    os.environ.get("TELEGRAM_API_URL", "https://api.telegram.org"), os.environ["TELEGRAM_BOT_TOKEN"]
)
CHAT_ID = os.environ["TELEGRAM_CHAT_ID"]
DISCORD = os.environ["DISCORD_WEBHOOK_URL"] + "?wait=true"

# Made here, it reads the roots once, and not with every connection.
OPENER = urllib.request.build_opener(
    urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=ssl.create_default_context())
)
THREADS = ThreadPoolExecutor(2)


def lambda_handler(event, context):
    transition = event["payload"]
    sent = [
        THREADS.submit(post, TELEGRAM, telegram(transition)),
        THREADS.submit(post, DISCORD, discord(transition)),
    ]
    for each in sent:
        each.result()
    return {"result": "delivered"}


def post(url, body):
    request = urllib.request.Request(
        url, json.dumps(body).encode(), {"User-Agent": NAME, "Content-Type": "application/json"}
    )
    # A status of 400 or more is an error, and fails the invocation.
    with OPENER.open(request, timeout=TIMEOUT) as answer:
        answer.read()


def telegram(transition):
    text = "🚨 <b>{}</b>\n{}\n\n<b>Previous:</b> {}\n<b>Reading:</b> {}\n<b>Time:</b> {}".format(
        *map(html.escape, [title(transition), text_of(transition), *facts(transition)])
    )
    return {
        "chat_id": CHAT_ID,
        "text": text,
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }


def discord(transition):
    names = ["Previous", "Reading", "Time"]
    return {
        "allowed_mentions": {"parse": []},
        "embeds": [
            {
                "color": COLOR,
                "title": title(transition),
                "description": text_of(transition),
                "fields": [
                    {"name": name, "value": value, "inline": True} for name, value in zip(names, facts(transition))
                ],
                "footer": {"text": transition["device_id"]},
                "timestamp": transition["occurred_at"],
            }
        ],
    }


def title(transition):
    return "{device_id}: {status}".format(**transition)


def text_of(transition):
    return "{device_id} changed from {previous} to {status} at {occurred_at}.".format(**transition)


def facts(transition):
    return [transition["previous"], json.dumps(transition["reading"]), transition["occurred_at"]]

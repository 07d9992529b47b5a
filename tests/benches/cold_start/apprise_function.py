"""The two messages with Apprise, as its documentation shows it: it sends to both services at once."""

import json
import os

import apprise
from apprise.plugins.discord import NotifyDiscord
from apprise.plugins.telegram import NotifyTelegram

# Apprise has the addresses of the services in its classes; nothing else leads it to another one.
if "PROVIDERS_URL" in os.environ:
    NotifyTelegram.notify_url = os.environ["PROVIDERS_URL"] + "/bot"
    NotifyDiscord.notify_url = os.environ["PROVIDERS_URL"] + "/api/webhooks"

SERVICES = apprise.Apprise()
for url in (os.environ["TELEGRAM_URL"], os.environ["DISCORD_URL"]):
    if not SERVICES.add(url):
        raise ValueError("Apprise does not take the address of a service")


def lambda_handler(event, context):
    transition = event["payload"]
    title = "{device_id}: {status}".format(**transition)
    body = "{device_id} changed from {previous} to {status} at {occurred_at}.\n\n".format(**transition)
    body += "Previous: {previous}\n".format(**transition)
    body += "Reading: {}\n".format(json.dumps(transition["reading"]))
    body += "Time: {occurred_at}".format(**transition)
    if not SERVICES.notify(title=title, body=body, notify_type=apprise.NotifyType.FAILURE):
        raise RuntimeError("not all services took the message")
    return {"result": "delivered"}

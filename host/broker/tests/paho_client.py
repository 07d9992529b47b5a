"""What programs with paho do: both versions of MQTT, QoS 0 and 1, a lost connection with a will, and TLS.

Arguments: port, TLS port, CA file, certificate file, key file. Ends with an error if something is not as with other brokers.
"""

import queue
import socket
import ssl
import sys

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

PATIENCE = 20


def connect(client_id, protocol, port, prepare=lambda client: None):
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=protocol)
    connected = queue.Queue()
    client.on_connect = lambda _client, _data, _flags, reason, _properties: connected.put(reason)
    prepare(client)
    client.connect("localhost", port, keepalive=30)
    client.loop_start()
    reason = connected.get(timeout=PATIENCE)
    assert not reason.is_failure, reason
    return client


def subscribe(client, topic):
    granted, received = queue.Queue(), queue.Queue()
    client.on_subscribe = lambda _client, _data, _id, reasons, _properties: granted.put(reasons)
    client.on_message = lambda _client, _data, message: received.put(message)
    client.subscribe(topic, qos=2)
    assert [reason.value for reason in granted.get(timeout=PATIENCE)] == [1]
    return received


def talk(protocol, port):
    client = connect("paho", protocol, port, lambda client: client.will_set("paho/lost", "{}", qos=1))
    received = subscribe(client, "paho/+")
    for number in range(20):
        client.publish("paho/status", str(number), qos=number % 2).wait_for_publish(PATIENCE)
    payloads = [received.get(timeout=PATIENCE).payload.decode() for _ in range(20)]
    assert payloads == [str(number) for number in range(20)], payloads
    # Without DISCONNECT: the device has lost power.
    client.loop_stop()
    client.socket().shutdown(socket.SHUT_RDWR)


def talk_tls(port, ca, certificate, key):
    def prepare(client):
        client.tls_set(ca, certificate, key, tls_version=ssl.PROTOCOL_TLS_CLIENT)

    client = connect("paho", mqtt.MQTTv311, port, prepare)
    client.publish("paho/tls", "{}", qos=1).wait_for_publish(PATIENCE)
    client.disconnect()
    client.loop_stop()


def main(port, tls_port, ca, certificate, key):
    talk(mqtt.MQTTv311, int(port))
    talk(mqtt.MQTTv5, int(port))
    talk_tls(int(tls_port), ca, certificate, key)


main(*sys.argv[1:])

SELECT VALUE decode(encode(*, 'base64'), 'proto') FROM 'a/b'

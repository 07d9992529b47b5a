SELECT *, clientid() AS device_id FROM 'a/b'

SELECT get_thing_shadow(clientid(), 'role').state AS s FROM 'a/b'

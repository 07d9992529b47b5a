SELECT temperatur, höhe FROM 'a/b'

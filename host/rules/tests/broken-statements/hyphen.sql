SELECT * FROM 'a/b' WHERE device.my-key = 'x'

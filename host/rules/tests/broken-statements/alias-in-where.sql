SELECT color AS my_color FROM 'a/b' WHERE my_color = 'red'

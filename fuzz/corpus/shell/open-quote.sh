a 'b
c "d

"""How a provision becomes arithmetic: cited functions of columns, put in order and run. Knows no scheme."""

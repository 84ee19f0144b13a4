"""How long the plots of a city will last (公墓容量): deaths and shares in, plots, land and the first year short out."""

SELEC * FRM nothing

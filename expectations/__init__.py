"""The conscience: what must hold before we write to anyone; one module per mart."""
